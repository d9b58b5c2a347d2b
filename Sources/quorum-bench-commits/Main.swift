import ClusterHarness
import Foundation
import NIOPosix

/// Measures commits of three processes on loopback, one and 64 in flight, beside the disk's own syncs in the same run.
@main
struct Main {
    static let usage = """
        usage: quorum-bench-commits [--seconds N] [--bytes N] [--folder PATH]

        Three processes on loopback commit commands of so many bytes (default 1024) for so many seconds (default 10), one in flight and
        64 in flight, with their stores in a temporary folder under PATH (default: the system's).
        """

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            if let place = ClusterPlace(arguments) { return try await follow(place) }
            try await measure(try CommitOptions(arguments))
        } catch let mistake as CommitOptions.Mistake {
            complain("\(mistake.description)\n\(usage)", status: 2)
        } catch {
            complain("\(error)", status: 1)
        }
    }

    private static func complain(_ text: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data((text + "\n").utf8))
        exit(status)
    }

    /// A follower's process: until it is killed, or for as long as any run may take.
    private static func follow(_ place: ClusterPlace) async throws {
        let node = try CommitNode(place, eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        try await node.start()
        try await Task.sleep(for: .seconds(600))
    }

    private static func measure(_ options: CommitOptions) async throws {
        let folder = try options.makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ports = try FreePorts.take(3)
        let places = (0..<3).map { ClusterPlace(position: $0, ports: ports, folder: "\(folder)/\($0)") }
        let followers = try places.dropFirst().map { place in
            try NodeProcess(
                executable: "/proc/self/exe", arguments: place.arguments, environment: [:], logPath: "\(folder)/\(place.position).log")
        }
        defer { for follower in followers { follower.killAndWait() } }
        let leader = try CommitNode(places[0], eventLoop: MultiThreadedEventLoopGroup.singleton.next())
        try await leader.start()
        _ = try await eventually("the first node to lead two level followers", within: .seconds(20)) { () -> Bool? in
            await leader.isReady ? true : nil
        }
        let syncs = try Reference.appends(of: options.bytes, count: 500, in: folder)
        var report = CommitReport(bytes: options.bytes, reference: syncs)
        for inFlight in [1, 64] {
            report.add(
                try await leader.run(CommitLoad(inFlight: inFlight, commandBytes: options.bytes, length: .seconds(options.seconds))))
        }
        print(report.text)
    }
}
