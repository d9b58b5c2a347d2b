import Foundation
import NodeReplica
import RaftCore

/// A recording, replayed and told.
enum Replay {
    /// - Returns: the exit status: 0 when all of it came about again, 1 after a difference, 2 when the file cannot be read to its end.
    static func run(_ path: String, isQuiet: Bool) -> Int32 {
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
        } catch {
            tell("\(path): cannot be read: \(error.localizedDescription)")
            return 2
        }
        var inputs = 0
        do throws(RecordingError) {
            return try replay(bytes, isQuiet: isQuiet, &inputs)
        } catch {
            tell("\(path): \(error); \(inputs) inputs before it were replayed")
            return 2
        }
    }

    private static func replay(_ bytes: [UInt8], isQuiet: Bool, _ inputs: inout Int) throws(RecordingError) -> Int32 {
        var replay = try RecordingReplay(bytes)
        tell("node \(replay.head.id), program \(replay.head.programVersion), log after \(replay.head.recovered.start)")
        while let step = try replay.next() {
            switch step {
            case .input(let number, _, _, _):
                inputs = number
                if !isQuiet { tell(words(for: step)) }
            case .effects: if !isQuiet { tell(words(for: step)) }
            case .difference(let difference):
                tell("difference: \(difference)")
                return 1
            case .ended(let end): tell("\(inputs) inputs replayed without difference; \(words(for: end))")
            }
        }
        return 0
    }

    private static func words(for step: ReplayStep) -> String {
        switch step {
        case .input(let number, let offset, let input, let moment): "#\(number) \(moment.monotonic) byte \(offset): \(short(input))"
        case .effects(_, let effects): effects.map { "    " + short($0) }.joined(separator: "\n")
        case .difference(let difference): "\(difference)"
        case .ended(let end): words(for: end)
        }
    }

    private static func words(for end: RecordingEnd?) -> String {
        switch end {
        case .stopped: "the node stopped"
        case .full: "the recording reached its bound there"
        case .dropped: "what came after was more than could be written, and is not recorded"
        case nil: "the recording has no end: its process was killed, or runs"
        }
    }

    /// Pictures of the whole state and messages full of entries would hide the rest.
    private static func short(_ value: some Any) -> String {
        let text = "\(value)".replacing(/(RaftCore|NodeReplica|ClusterHealth)\.([A-Z]\w*\.(?=[a-z]))?/, with: "")
        return text.count > maximumWords ? text.prefix(maximumWords) + "…" : text
    }

    private static let maximumWords = 400

    /// At once, so that the input in which a replica traps has been told.
    private static func tell(_ line: String) {
        guard !line.isEmpty else { return }
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
