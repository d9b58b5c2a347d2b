import Dispatch
import Logging
import NIOConcurrencyHelpers
import NodeReplica

/// Keeps what a replica takes in and what comes of it in a file, from which `quorum-simulator --replay` makes it happen again.
///
/// Encoding and writing happen on a queue of its own: the driver only hands values over. When they come faster than they can be written,
/// the recording ends there and says so, since one with holes would replay as something that never was. A process that is killed leaves all
/// that was written; the last inputs before the end, those of about a millisecond, may be missing.
final class FlightRecorder: Sendable {
    private let path: String
    private let logger: Logger
    let queue = DispatchQueue(label: "recording")
    private let waiting = NIOLockedValueBox(Waiting())
    /// Touched on the queue only; the lock is never waited for.
    private let file: NIOLockedValueBox<RecordingFile>

    private struct Waiting {
        var items: [RecordingFile.Item] = []
        /// Of the inputs' contents, about.
        var bytes = 0
        /// A block that takes all items is on its way.
        var isScheduled = false
        /// Nothing more is taken.
        var isOver = false

        /// Takes an item, or ends the recording when too many wait.
        mutating func add(_ item: RecordingFile.Item, bytes more: Int) {
            bytes += more
            let isFull = items.count >= maximumWaiting || bytes > maximumWaitingBytes
            items.append(isFull ? .end(.dropped) : item)
            if case .end = items.last { isOver = true }
        }

        mutating func take() {
            items = []
            bytes = 0
            isScheduled = false
        }
    }

    /// Values and bytes that may wait to be written.
    static let maximumWaiting = 8_192
    static let maximumWaitingBytes = 64 << 20
    /// How long the end of a process may wait for what has not been written yet.
    private static let patience = DispatchTimeInterval.seconds(2)

    /// - Parameters:
    ///   - path: what stands there is kept beside it as `.previous`: after a crash that is the interesting one.
    ///   - maximumBytes: of the file.
    /// - Throws: `RecordingFile.Failure` when the file cannot be made.
    init(path: String, head: RecordingHead, maximumBytes: Int = RecordingFile.usualMaximumBytes, logger: Logger) throws {
        self.path = path
        self.logger = logger
        file = NIOLockedValueBox(try RecordingFile(path: path, maximumBytes: maximumBytes))
        enqueue(.head(head), bytes: 0)
    }

    /// An input, before it is handed to the replica.
    func record(_ input: RecordedInput, at moment: Moment) { enqueue(.input(input, moment), bytes: input.approximateBytes) }

    /// What came of it.
    func record(_ effects: [ReplicaEffect]) { enqueue(.effects(effects), bytes: 0) }

    /// The process ends in order: waits until all is written, but not for ever.
    func finish() {
        enqueue(.end(.stopped), bytes: 0)
        let group = DispatchGroup()
        queue.async(group: group) {}
        if group.wait(timeout: .now() + FlightRecorder.patience) == .timedOut {
            logger.warning("recording \(path): not written to its end, the disk hangs")
        }
    }

    private func enqueue(_ item: RecordingFile.Item, bytes: Int) {
        let mustSchedule = waiting.withLockedValue { waiting in
            guard !waiting.isOver else { return false }
            waiting.add(item, bytes: bytes)
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if mustSchedule { queue.async { self.writeWaiting() } }
    }

    private func writeWaiting() {
        let items = waiting.withLockedValue { waiting in
            defer { waiting.take() }
            return waiting.items
        }
        let ending = file.withLockedValue { file in
            for item in items { file.add(item) }
            return file.write()
        }
        guard let ending else { return }
        waiting.withLockedValue { $0.isOver = true }
        logger.warning("recording \(path) ends: \(ending)")
    }
}
