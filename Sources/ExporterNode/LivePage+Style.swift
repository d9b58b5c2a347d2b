extension LivePage {
    /// The style sheet: readable in light and in dark, and when printed.
    static let style = #"""
        :root { --ground:#f6f7f9; --card:#fff; --ink:#1b1f24; --faint:#5a6470; --line:#d9dee5; --accent:#0b57d0;
          --up:#17633a; --up-ground:#dff3e6; --down:#a3141b; --down-ground:#fde3e3; --warn:#7a4a00; --warn-ground:#fdeecb;
          --set:#1d4f91; --set-ground:#e0ecfb; --none:#4a525c; --none-ground:#e8ebef; }
        @media (prefers-color-scheme: dark) {
          :root { --ground:#14171b; --card:#1d2228; --ink:#e7eaee; --faint:#a0abb8; --line:#343c46; --accent:#8ab4f8;
            --up:#8fe0ae; --up-ground:#173524; --down:#ffb0b0; --down-ground:#4a1b1e; --warn:#ffd58a; --warn-ground:#42310f;
            --set:#a9cbff; --set-ground:#1b3152; --none:#c3cbd5; --none-ground:#2c333c; } }
        * { box-sizing:border-box; }
        body { margin:0 auto; max-width:82rem; padding:1rem 1.25rem 3rem; background:var(--ground); color:var(--ink);
          font:14px/1.45 system-ui, sans-serif; font-variant-numeric:tabular-nums; }
        header { display:flex; flex-wrap:wrap; align-items:baseline; gap:.25rem 1rem; }
        h1 { font-size:1.35rem; margin:.25rem 0; }
        h2 { font-size:1rem; margin:1.6rem 0 .5rem; }
        a { color:var(--accent); }
        a:focus-visible { outline:2px solid var(--accent); outline-offset:2px; }
        .faint { color:var(--faint); }
        #banner { margin:.75rem 0; padding:.7rem 1rem; border-radius:.5rem; border:1px solid transparent; border-left-width:.4rem; }
        #banner strong { display:block; }
        .up { color:var(--up); background:var(--up-ground); border-color:var(--up) !important; }
        .down { color:var(--down); background:var(--down-ground); border-color:var(--down) !important; }
        .warn { color:var(--warn); background:var(--warn-ground); border-color:var(--warn) !important; }
        .set { color:var(--set); background:var(--set-ground); border-color:var(--set) !important; }
        .none { color:var(--none); background:var(--none-ground); border-color:var(--none) !important; }
        #banner a { color:inherit; font-weight:600; }
        .cards { display:grid; grid-template-columns:repeat(auto-fit, minmax(9.5rem, 1fr)); gap:.6rem; margin:0; }
        .cards > div { background:var(--card); border:1px solid var(--line); border-radius:.5rem; padding:.55rem .8rem; }
        .cards dt { color:var(--faint); font-size:.8rem; }
        .cards dd { margin:0; font-size:1.3rem; font-weight:600; overflow-wrap:anywhere; }
        .cards small { display:block; font-size:.8rem; font-weight:400; color:var(--faint); }
        .scroll { overflow-x:auto; background:var(--card); border:1px solid var(--line); border-radius:.5rem; }
        table { border-collapse:collapse; width:100%; }
        caption { text-align:left; position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%); }
        th, td { padding:.4rem .6rem; text-align:left; border-bottom:1px solid var(--line); white-space:nowrap; vertical-align:top; }
        tr:last-child > * { border-bottom:0; }
        thead th { color:var(--faint); font-weight:600; font-size:.8rem; }
        td.n, th.n { text-align:right; }
        td.c, th.c { text-align:center; }
        .badge { display:inline-block; padding:.05rem .5rem; border-radius:1rem; font-weight:600; }
        .bar { display:inline-block; width:7rem; height:.6rem; margin-right:.5rem; overflow:hidden;
          background:var(--none-ground); border-radius:.3rem; }
        .bar i { display:block; height:100%; background:var(--accent); }
        .pair { display:grid; grid-template-columns:repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap:0 1.25rem; }
        .old { opacity:.55; }
        [hidden] { display:none !important; }

        """#
}
