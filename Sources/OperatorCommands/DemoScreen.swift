import StatusDocuments

/// The live table, as lines of text.
struct DemoScreen {
    /// Whether states are coloured.
    let isColoured: Bool

    private static let titles = ["node", "process", "role", "term", "last index", "applied", "serves", "state in the view", "page"]
    private static let rightAligned: Set<Int> = [3, 4, 5]

    /// - Parameters:
    ///   - elapsedSeconds: since the demo began.
    ///   - nowMilliseconds: wall time since 1970, for how long a state lasts.
    func lines(_ picture: DemoPicture, elapsedSeconds: Double, nowMilliseconds: Int64) -> [String] {
        let rows = picture.nodes.map { cells($0, picture, nowMilliseconds).map(\.printable) }
        let widths = DemoScreen.titles.indices.map { column in
            ([DemoScreen.titles] + rows).map { $0[column].count }.max() ?? 0
        }
        let table = ([DemoScreen.titles] + rows).enumerated().map { index, row in
            line(row, widths, state: index == 0 ? nil : picture.state(of: picture.nodes[index - 1].member.name)?.state)
        }
        return [headline(picture, elapsedSeconds).printable, ""] + table
    }

    /// The same on one line, for output that is not a terminal.
    func plainLine(_ picture: DemoPicture) -> String {
        picture.nodes.map { node in
            let role = node.status.map { "\($0.role) term \($0.term)" } ?? "no answer"
            let state = picture.state(of: node.member.name)?.state ?? "-"
            return "\(node.member.name): \(processText(node.process)), \(role), state \(state)"
        }.joined(separator: " | ").printable
    }

    private func headline(_ picture: DemoPicture, _ elapsedSeconds: Double) -> String {
        let time = "\(Int(elapsedSeconds)) s"
        guard let view = picture.view, let leader = picture.leader else {
            return "\(time) · no view: no leader has proved itself to a majority"
        }
        return "\(time) · \(leader) leads term \(view.term) and serves the view of index \(view.index)"
    }

    private func cells(_ node: DemoPicture.Node, _ picture: DemoPicture, _ nowMilliseconds: Int64) -> [String] {
        let status = node.status
        let serves = picture.leader == node.member.name ? "yes" : "-"
        return [
            node.member.name, processText(node.process), status?.role ?? "no answer", status.map { String($0.term) } ?? "-",
            status.map { String($0.lastLogIndex) } ?? "-", status.map { String($0.appliedIndex) } ?? "-", serves,
            picture.state(of: node.member.name).map { stateText($0, nowMilliseconds) } ?? "-", node.member.url,
        ]
    }

    private func processText(_ state: ProcessTable.State) -> String {
        switch state {
        case .running(let pid): return "pid \(pid)"
        case .frozen(let pid): return "frozen \(pid)"
        case .stopping(let pid): return "stopping \(pid)"
        case .ended(let end): return end.description
        }
    }

    private func stateText(_ member: MemberStateDocument, _ nowMilliseconds: Int64) -> String {
        let reason = member.downReason.map { " (\($0))" } ?? ""
        let age = member.since.map { " for \(max(0, (nowMilliseconds - $0.milliseconds) / 1_000)) s" } ?? ""
        return member.state + reason + age
    }

    private func line(_ row: [String], _ widths: [Int], state: String?) -> String {
        let padded = row.indices.map { column in
            let isLast = column == row.count - 1
            let space = isLast ? "" : String(repeating: " ", count: widths[column] - row[column].count)
            let cell = DemoScreen.rightAligned.contains(column) ? space + row[column] : row[column] + space
            return column == 7 ? coloured(cell, state) : cell
        }
        return "  " + padded.joined(separator: "  ")
    }

    private func coloured(_ cell: String, _ state: String?) -> String {
        guard isColoured, let state else { return cell }
        switch state {
        case "up": return "\u{1B}[32m\(cell)\u{1B}[0m"
        case "down": return "\u{1B}[31m\(cell)\u{1B}[0m"
        case "suspect", "degraded": return "\u{1B}[33m\(cell)\u{1B}[0m"
        default: return cell
        }
    }
}

/// A block of lines at the end of the terminal that is drawn anew in place.
struct TerminalBlock {
    private var height = 0

    /// What to write so that the former block is gone, the events stand above, and the new block below them. Long lines are cut at
    /// the edge, not wrapped: else the block would be higher than it counts.
    mutating func frame(events: [String], block: [String]) -> String {
        let up = height > 0 ? "\u{1B}[\(height)A" : ""
        height = block.count
        let text = (events + block).map { $0 + "\n" }.joined()
        return "\r" + up + "\u{1B}[J\u{1B}[?7l" + text + "\u{1B}[?7h"
    }

    /// Somebody pressed Enter: the cursor is a line lower.
    mutating func noteEnteredLine() { height += height > 0 ? 1 : 0 }
}
