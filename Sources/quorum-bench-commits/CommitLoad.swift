import RaftCore

/// Commands kept in flight for a while, and how long each took from its proposal to its commitment on the leader.
struct CommitLoad: Sendable {
    let inFlight: Int
    let command: [UInt8]
    let length: Duration
    /// The first part is not counted.
    let warmUp: Duration

    private let began = ContinuousClock.now
    private var pending: [LogIndex: ContinuousClock.Instant] = [:]
    /// Of the commands proposed and committed after the warm-up, in order of their commitment.
    private(set) var latencies: [Duration] = []
    /// Proposals that the core did not take.
    var refused = 0
    /// How long the leader's writes took meanwhile.
    var syncs: [Duration] = []

    /// - Parameter commandBytes: the size of each command.
    init(inFlight: Int, commandBytes: Int, length: Duration, warmUp: Duration = .seconds(1)) {
        self.inFlight = inFlight
        self.length = length
        self.warmUp = warmUp
        command = [UInt8](repeating: 0x5A, count: commandBytes)
    }

    var isOver: Bool { ContinuousClock.now - began > warmUp + length }

    var commitsPerSecond: Double { Double(latencies.count) / (length / .seconds(1)) }

    mutating func proposed(_ index: LogIndex) { pending[index] = .now }

    /// Notes a commitment; tells whether the command was one of the load's.
    mutating func committed(_ index: LogIndex) -> Bool {
        guard let since = pending.removeValue(forKey: index) else { return false }
        let now = ContinuousClock.now
        if now - began > warmUp, now - began <= warmUp + length { latencies.append(now - since) }
        return true
    }
}
