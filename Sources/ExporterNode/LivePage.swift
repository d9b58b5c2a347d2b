/// The page at `/`: one self-contained document that needs nothing from elsewhere and shows what the API says, once a second.
///
/// It asks `api/v1/status`, `api/v1/view` and `api/v1/events` of the node it came from, by relative addresses. All text of the cluster
/// goes in as text nodes, a link is made of `http` and `https` addresses only, and a state is always a sign and a word beside its colour.
enum LivePage {
    /// The whole document, UTF-8, to be served as `text/html; charset=utf-8`.
    static let html = opening + style + middle + script + closing

    private static let opening = #"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:;
            base-uri 'none'; form-action 'none'">
        <link rel="icon" href="data:,">
        <title>quorum-exporter</title>
        <style>

        """#

    private static let middle = #"""
        </style>
        </head>
        <body>
        <header><h1 id="title">quorum-exporter</h1><span id="who" class="faint"></span></header>
        <div id="banner" class="none"><strong role="status">Asking this node…</strong></div>
        <noscript>
          <p>This page needs scripts. The same is at <a href="api/v1/status">api/v1/status</a> and <a href="metrics">metrics</a>.</p>
        </noscript>
        <main id="main" hidden>
          <dl id="cards" class="cards"></dl>
          <section id="members"></section>
          <div class="pair"><section id="links"></section><section id="logs"></section></div>
          <div class="pair"><section id="events"></section><section id="node"></section></div>
        </main>
        <footer class="faint"><p>
          <a href="metrics">metrics</a> · <a href="cluster/metrics">cluster metrics</a> · <a href="http_sd">service discovery</a> ·
          <a href="api/v1/status">status</a> · <a href="api/v1/view">view</a> · <a href="api/v1/events">events</a>
        </p></footer>
        <script>

        """#

    private static let closing = #"""
        </script>
        </body>
        </html>

        """#
}
