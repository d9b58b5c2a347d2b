/// A scenario as its file has it: commands, each followed by its transcript, among comments and blank lines.
///
/// A line that begins with `> ` is a command, one that begins with `#` a comment. Every other line that is not blank belongs to the
/// transcript of the command above it.
struct ScenarioText {
    private(set) var parts: [Part] = []

    enum Part: Equatable {
        /// A comment or a blank line, kept as it is.
        case remark(String)
        case command(Command)
    }

    struct Command: Equatable {
        /// From 1.
        var line: Int
        var text: String
        /// What must follow, line for line.
        var transcript: [String]
    }

    /// - Throws: `ScenarioMistake` when a transcript follows no command.
    init(_ text: String) throws(ScenarioMistake) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (offset, line) in lines.enumerated() {
            if line.hasPrefix("> ") {
                parts.append(.command(Command(line: offset + 1, text: String(line.dropFirst(2)), transcript: [])))
            } else if line.hasPrefix("#") || line.isEmpty {
                parts.append(.remark(line))
            } else {
                guard case .command(var command) = parts.last else {
                    throw ScenarioMistake(line: offset + 1, what: "a transcript that follows no command")
                }
                command.transcript.append(line)
                parts[parts.count - 1] = .command(command)
            }
        }
    }

    var commands: [Command] {
        parts.compactMap { if case .command(let command) = $0 { command } else { nil } }
    }

    /// The comments and blank lines above the first command, without their marks.
    var heading: [String] {
        parts.prefix { if case .remark = $0 { true } else { false } }.compactMap {
            if case .remark(let line) = $0 { String(line.drop { $0 == "#" || $0 == " " }) } else { nil }
        }
    }

    /// The file's text with these transcripts in place of its own, one for each command.
    func recorded(_ transcripts: [[String]]) -> String {
        var rest = transcripts[...]
        var lines: [String] = []
        for part in parts {
            switch part {
            case .remark(let line): lines.append(line)
            case .command(let command): lines += ["> " + command.text] + (rest.popFirst() ?? [])
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// What is wrong with a scenario as it is written; the line is of its file, from 1.
struct ScenarioMistake: Error, Equatable {
    var line: Int
    var what: String
}

/// Where two transcripts of one command differ.
struct TranscriptDifference: Equatable {
    /// How many lines they agree in before.
    var agreed: Int
    /// From there on, with the last lines they agree in: `-` what the file has, `+` what happened.
    var text: String

    /// Nil when they are the same.
    init?(expected: [String], found: [String]) {
        guard expected != found else { return nil }
        var start = 0
        while start < expected.count, start < found.count, expected[start] == found[start] { start += 1 }
        var end = 0
        while end < min(expected.count, found.count) - start, expected[expected.count - 1 - end] == found[found.count - 1 - end] {
            end += 1
        }
        agreed = start
        let before = expected[max(0, start - 3)..<start].map { "  " + $0 }
        let removed = expected[start..<(expected.count - end)].map { "- " + $0 }
        let added = found[start..<(found.count - end)].map { "+ " + $0 }
        let after = expected[(expected.count - end)..<min(expected.count, expected.count - end + 2)].map { "  " + $0 }
        text = (before + removed + added + after).joined(separator: "\n")
    }
}
