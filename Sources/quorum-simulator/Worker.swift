import ClusterSimulator
import Foundation
import NodeReplica
import RealStoreSimulation

/// The inside of a child process: runs its seeds one after the other and tells each as one line. A trap ends it, and its parent knows
/// from the lines which seed that was.
enum Worker {
    static func run(_ options: Options) throws -> Never {
        var seed = options.seeds.lowerBound
        let announce = try options.announceFile.map(announcer(to:))
        while seed <= options.seeds.upperBound {
            tell("begin \(seed)")
            var request = RunRequest(seed: seed, events: options.events)
            if options.hasRealStores || RealStores.isUsual(seed: seed) { request.makeStore = RealStores.maker(seed: seed) }
            if options.trace { request.trace = { line in tell(line) } }
            if let recording = options.recording { request.recording = recorder(of: recording.machine, to: recording.file) }
            let report = try simulate(request, announce: announce)
            tell("plan \(report.plan)")
            if let violation = report.violation {
                tell("violation: \(violation) (seed \(seed), event \(report.events))")
            }
            tell("end \(report.line)")
            seed += 1
        }
        exit(0)
    }

    /// One write for a line: lines of several workers in one pipe do not mix.
    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line.replacing("\n", with: " ") + "\n").utf8))
    }

    /// Writes each record as it comes about, so that a trap leaves all before it.
    private static func recorder(of machine: String, to file: String) -> RecordingRequest {
        RecordingRequest(machine: machine) { boot, bytes in
            let path = "\(file).\(boot)"
            do {
                if bytes.starts(with: RecordingEncoder.mark) { try Data().write(to: URL(fileURLWithPath: path)) }
                let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(bytes))
                try handle.close()
            } catch {
                fatalError("cannot write to \(path): \(error)")
            }
        }
    }

    /// Keeps the number of the event that is about to happen in a file.
    private static func announcer(to path: String) throws -> (Int) -> Void {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        return { event in
            do {
                try file.seek(toOffset: 0)
                try file.write(contentsOf: Data("\(event)\n".utf8))
            } catch {
                fatalError("cannot write to \(path): \(error)")
            }
        }
    }
}
