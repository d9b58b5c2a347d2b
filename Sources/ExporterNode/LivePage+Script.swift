extension LivePage {
    /// The program of the page: its tools, what it shows, and the loop that asks.
    static let script = tools + panels

    /// Elements from text, patching in place, and how numbers and times read.
    private static let tools = #"""
        "use strict";
        // All text from the cluster goes in as text nodes, never as markup.
        const $ = id => document.getElementById(id);
        function el(tag, attributes, ...children) {
          const node = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes || {})) {
            if (value !== undefined && value !== null) node.setAttribute(name, value);
          }
          for (const child of children.flat()) if (child !== undefined && child !== null) node.append(child);
          return node;
        }
        // Makes `old` look like `next` and keeps what is equal, so that focus and scrolling survive a refresh.
        function patch(old, next) {
          if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) { old.replaceWith(next); return; }
          if (old.nodeType === Node.TEXT_NODE) { if (old.data !== next.data) old.data = next.data; return; }
          for (const name of old.getAttributeNames()) if (!next.hasAttribute(name)) old.removeAttribute(name);
          for (const name of next.getAttributeNames()) {
            const value = next.getAttribute(name);
            if (old.getAttribute(name) !== value) old.setAttribute(name, value);
          }
          patchChildren(old, [...next.childNodes]);
        }
        function patchChildren(parent, wanted) {
          const present = [...parent.childNodes];
          wanted.forEach((child, i) => i < present.length ? patch(present[i], child) : parent.append(child));
          present.slice(wanted.length).forEach(child => child.remove());
        }
        function show(id, ...children) {
          patchChildren($(id), children.flat().map(c => typeof c === "string" ? document.createTextNode(c) : c));
        }

        const looks = {
          up: ["●", "up"], suspect: ["◐", "warn"], degraded: ["▲", "warn"], down: ["▼", "down"],
          maintenance: ["■", "set"], unknown: ["?", "none"],
        };
        function badge(state, note) {
          const [sign, look] = looks[state] || ["?", "none"];
          return el("span", { class: "badge " + look }, sign + " " + state + (note ? " (" + note + ")" : ""));
        }
        function link(text, address) {
          let url = null;
          try { url = address ? new URL(address) : null; } catch (_) { url = null; }
          const usable = url && /^https?:$/.test(url.protocol);
          return usable ? el("a", { href: url.href, rel: "noreferrer" }, text) : document.createTextNode(text);
        }
        function span(seconds) {
          const s = Math.max(0, Math.floor(seconds));
          if (s < 60) return s + " s";
          if (s < 3600) return Math.floor(s / 60) + " min " + (s % 60) + " s";
          if (s < 86400) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
          return Math.floor(s / 86400) + " d " + Math.floor(s % 86400 / 3600) + " h";
        }
        // Ages are reckoned from the newest time the cluster itself has told, not from this browser's clock.
        const age = (time, now) => time && now ? span((Date.parse(now) - Date.parse(time)) / 1000) : "–";
        const milliseconds = s => s === undefined ? "–" : (s * 1000).toFixed(s < 0.01 ? 2 : 0) + " ms";
        const percent = r => r === undefined ? "–" : (100 * r).toFixed(0) + " %";
        const number = n => n === undefined ? "–" : n.toLocaleString("en");
        function bytes(n) {
          const units = ["B", "KiB", "MiB", "GiB", "TiB"];
          let i = 0;
          while (n >= 1024 && i < units.length - 1) { n /= 1024; i += 1; }
          return n.toFixed(n < 10 && i ? 1 : 0) + " " + units[i];
        }
        const clock = time => time ? time.replace("T", " ").replace(/\.\d+Z$/, " UTC") : "–";
        function table(caption, heads, rows) {
          return el("div", { class: "scroll" }, el("table", {}, el("caption", {}, caption),
            el("thead", {}, el("tr", {}, heads.map(([text, look]) => el("th", { scope: "col", class: look }, text)))),
            el("tbody", {}, rows)));
        }
        const row = (head, cells) => el("tr", {}, el("th", { scope: "row" }, head),
          cells.map(([content, look, title]) => el("td", { class: look, title }, content)));
        const card = (name, value, note) => el("div", {}, el("dt", {}, name), el("dd", {}, value, note ? el("small", {}, note) : null));

        """#

    /// Banner, cards and tables from the documents.
    private static let panels = #"""
        function banner(look, title, ...rest) {
          $("banner").className = look;
          show("banner", el("strong", { role: "status" }, title), el("span", {}, rest));
        }
        let seenIndex = null, seenAt = 0;
        function sinceProgress(index) {
          if (index !== seenIndex) { seenIndex = index; seenAt = performance.now(); }
          return (performance.now() - seenAt) / 1000;
        }
        function headline(status, view, refusal) {
          const leader = status.leader;
          if (view) return banner("up", "This node leads and serves the view.",
            "A majority has just confirmed its term " + view.term + ".");
          if (!leader) {
            const reached = status.peers.filter(p => p.link_up).length + " of " + status.peers.length;
            return banner("down", "Nobody can serve the view.", "This node (" + status.role + ", term " + status.term
              + ") knows of no leader, so no member's state is known. It reaches " + reached + " other nodes.");
          }
          if (leader.id !== status.node.id) {
            const name = leader.member || leader.id;
            return banner("set", "This node follows " + name + ".",
              "The leader serves the view: ", link(leader.web_url || name, leader.web_url));
          }
          banner("down", "Nobody can serve the view.",
            "This node takes itself for the leader but cannot prove it: " + (refusal && refusal.message || "no answer") + ".");
        }
        function summary(status, view) {
          const members = view ? view.members : [];
          const count = test => members.filter(test).length;
          const leader = status.leader;
          return [
            card("Members up", view ? count(m => m.up) + " of " + members.length : "–", view ? null : "told by the leader only"),
            card("Down", view ? String(count(m => m.state === "down")) : "–"),
            card("Unknown", view ? String(count(m => m.state === "unknown")) : "–"),
            card("Leader", leader ? link(leader.member || leader.id, leader.web_url) : "none", "term " + status.term),
            card("Voters to spare", number(status.failure_tolerance), "before the quorum is lost"),
            card("Last round", span(sinceProgress(status.applied_index)) + " ago", "applied index " + number(status.applied_index)),
          ];
        }
        function memberRows(status, view) {
          if (!view) return status.members.map(m => row(link(m.member, m.web_url), [[m.role || "–"], [m.address]]));
          return view.members.map(m => {
            const s = m.sample || {}, disk = (s.filesystems || [])[0];
            const memory = s.memory_available_bytes === undefined ? undefined : 1 - s.memory_available_bytes / s.memory_total_bytes;
            const space = disk && percent(1 - disk.available_bytes / disk.size_bytes);
            return row(link(m.member, m.web_url), [
              [badge(m.state, m.reason || (s.degraded_reasons || []).join(", "))], [age(m.since, view.round_at), "n", clock(m.since)],
              [m.role + (view.leader.id === m.id ? ", leads" : "") + (m.flapping ? ", flapping" : "")], [String(m.observers_reaching), "n"],
              [percent(s.cpu_usage_ratio), "n"], [s.load1 === undefined ? "–" : s.load1.toFixed(2), "n"], [percent(memory), "n"],
              [space || "–", "n", disk && bytes(disk.available_bytes) + " free on " + disk.mountpoint],
              [number(s.raft && s.raft.term), "n"], [number(s.raft && s.raft.elections_won), "n"], [s.version || "–"]]);
          });
        }
        const memberHeads = view => view
          ? [["Member"], ["State"], ["For", "n"], ["Role"], ["Reached by", "n"], ["CPU", "n"], ["Load", "n"], ["Memory", "n"],
            ["Disk", "n"],
            ["Term", "n"], ["Elections won", "n"], ["Version"]]
          : [["Member"], ["Role"], ["Address"]];
        function linkMatrix(status, view) {
          if (!view) return table("Links of this node", [["To"], ["Link"], ["Round trip", "n"]],
            status.peers.map(p => row(p.member, [[badge(p.link_up ? "up" : "down")], [milliseconds(p.rtt_seconds), "n"]])));
          const names = view.members.map(m => m.member), observers = names.filter(n => view.links.some(l => l.from === n));
          const cell = (from, to) => {
            if (from === to) return ["–", "c"];
            const l = view.links.find(l => l.from === from && l.to === to);
            const [look, text] = !l ? ["none", "no opinion"] : l.up ? ["up", "✓ reached"] : ["down", "✕ " + (l.reason || "lost")];
            return [el("span", { class: "badge " + look }, text), "c"];
          };
          return table("Who reaches whom, a row for each observer", [["From ↓ to →"], ...names.map(n => [n, "c"])],
            observers.map(from => row(from, names.map(to => cell(from, to)))));
        }
        function logTable(status, view) {
          const held = view ? view.members.filter(m => m.match_index !== undefined) : [];
          const last = Math.max(1, ...(view ? held.map(m => m.match_index) : [status.last_log_index]));
          const line = (name, index) => {
            const share = Math.max(0, Math.min(100, 100 * index / last));
            const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("i", { style: "width:" + share + "%" }));
            return row(name, [[[bar, number(index)]], [index >= last ? "level" : number(last - index), "n"]]);
          };
          const rows = view ? held.map(m => line(m.member, m.match_index)) : [line(status.node.member, status.applied_index)];
          return table("Log positions", [["Node"], [view ? "Durable there" : "Applied here"], ["Behind", "n"]], rows);
        }
        function eventTable(events) {
          const line = e => row(clock(e.at).replace(/^\S+ /, ""),
            [[e.member, null, clock(e.at)], [badge(e.from)], [badge(e.to, e.reason)]]);
          const none = el("tr", {}, el("td", { colspan: 4 }, "none yet"));
          return table("Recent transitions, newest first", [["When"], ["Member"], ["From"], ["To"]],
            events.length ? events.slice(-20).reverse().map(line) : [none]);
        }
        function nodeTable(status) {
          const facts = [
            ["Role", status.role], ["Term", String(status.term)], ["Commit index", number(status.commit_index)],
            ["Last log index", number(status.last_log_index)], ["Ready", status.ready ? "yes" : "not yet"],
            ["Started", clock(status.started_at)],
            ["Version", status.version], ["Cluster id", status.cluster.id || "not yet known"],
          ];
          return table("This node", [["What"], ["Value"]], facts.map(([name, value]) => row(name, [[value]])));
        }

        function render(status, view, refusal, events) {
          document.title = status.node.member + " · " + status.cluster.name;
          show("title", "Cluster " + status.cluster.name);
          show("who", "seen from " + status.node.member + " (" + status.role + ")");
          headline(status, view, refusal);
          show("cards", summary(status, view));
          show("members", el("h2", {}, "Members"), table("Members and their states", memberHeads(view), memberRows(status, view)));
          show("links", el("h2", {}, view ? "Who reaches whom" : "Links of this node"), linkMatrix(status, view));
          show("logs", el("h2", {}, "Log positions"), logTable(status, view));
          show("events", el("h2", {}, "Recent transitions"), eventTable(events));
          show("node", el("h2", {}, "This node"), nodeTable(status));
          $("main").hidden = false;
          $("main").className = "";
        }
        async function ask(path) {
          const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(3000) });
          let body = null;
          try { body = await answer.json(); } catch (_) { body = null; }
          return { ok: answer.ok, body };
        }
        let answered = null;
        async function refresh() {
          try {
            const none = { ok: false, body: null };
            const status = await ask("api/v1/status");
            if (!status.ok || !status.body) throw new Error("no status");
            // A follower is not asked for the view: it could only refuse, and each refusal counts in its metrics.
            const leads = status.body.leader && status.body.leader.id === status.body.node.id;
            const [view, events] = await Promise.all([
              leads ? ask("api/v1/view").catch(() => none) : none, ask("api/v1/events").catch(() => none)]);
            answered = performance.now();
            const transitions = events.ok && events.body && events.body.events || [];
            render(status.body, view.ok ? view.body : null, view.ok ? null : view.body, transitions);
          } catch (_) {
            $("main").className = "old";
            const heard = answered === null ? "Nothing has been heard from it yet."
              : "What stands below was true " + span((performance.now() - answered) / 1000) + " ago.";
            banner("down", "This node does not answer.", heard);
          }
          setTimeout(refresh, document.hidden ? 10000 : 1000);
        }
        refresh();

        """#
}
