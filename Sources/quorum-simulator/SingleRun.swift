import ClusterSimulator
import Foundation

/// One seed, in a child process whose lines go straight out.
enum SingleRun {
    static func run(_ options: Options) throws -> Int32 {
        let seed = options.seeds.lowerBound
        print("seed \(seed)")
        fflush(nil)
        let pipe = Pipe()
        var wanted = arguments(seed...seed, options) + (options.trace ? ["--trace"] : [])
        if let recording = options.recording { wanted += ["--record", recording.machine, recording.file] }
        let child = try ChildProcess(wanted, output: pipe.fileHandleForWriting)
        try pipe.fileHandleForWriting.close()
        var isViolated = false
        for line in Lines(of: pipe.fileHandleForReading) {
            if line.hasPrefix("end "), let report = RunReport(line: String(line.dropFirst("end ".count))) {
                print(Summary.text(of: report, runs: 1) + "\nhash \(String(report.hash, radix: 16))")
            } else if !line.hasPrefix("begin ") {
                print(line)
                if line.hasPrefix("violation: ") { isViolated = true }
            }
        }
        let end = try child.wait()
        if end.isTrap, let line = try trap(seed: seed, options) {
            print(line)
            return 1
        }
        return isViolated || end.status != 0 ? 1 : 0
    }

    /// Runs a seed that trapped once more, so that the event is known at which it does; nil when it does not.
    static func trap(seed: UInt64, _ options: Options) throws -> String? {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("quorum-simulator-event-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        let child = try ChildProcess(arguments(seed...seed, options) + ["--announce", file.path], output: FileHandle.nullDevice)
        let end = try child.wait()
        let event = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").first ?? "0"
        try FileManager.default.removeItem(at: file)
        return end.isTrap ? "violation: invariant: \(end.words) (seed \(seed), event \(event))" : nil
    }

    /// Of a worker.
    static func arguments(_ seeds: ClosedRange<UInt64>, _ options: Options) -> [String] {
        ["--seeds", "\(seeds.lowerBound)..\(seeds.upperBound)", "--events", "\(options.events)", "--worker"] + options.passedOn
    }
}

/// The lines that arrive through a pipe, until its other end is closed.
struct Lines: Sequence, IteratorProtocol {
    private let pipe: FileHandle
    private var rest = Data()

    init(of pipe: FileHandle) { self.pipe = pipe }

    mutating func next() -> String? {
        while true {
            if let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest = Data(rest[(newline + 1)...]) }
                return String(decoding: rest[..<newline], as: UTF8.self)
            }
            let data = pipe.availableData
            guard !data.isEmpty else { return nil }
            rest += data
        }
    }
}
