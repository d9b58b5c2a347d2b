import ClusterHealth
import RaftCore

extension ReplicaConfiguration {
    func write(to bytes: inout RecordingBytes) {
        bytes.add(raft.heartbeatInterval)
        bytes.add(raft.electionTimeout)
        for limit in raft.limits.inOrder { bytes.add(signed: Int64(limit)) }
        for duration in [observer.downAfter, observer.tickInterval, observer.refusalDelay, observer.closingDelay] { bytes.add(duration) }
        for duration in [rounds.interval, rounds.minimumSpacing, rounds.reportFreshness] { bytes.add(duration) }
        for number in [verdict.upAfterMilliseconds, verdict.flapLimit, verdict.flapWindowMilliseconds] { bytes.add(UInt64(number)) }
    }

    init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        let heartbeat = try cursor.duration("heartbeat interval")
        let election = try cursor.duration("election timeout")
        let limits = try RaftConfiguration.Limits(from: &cursor)
        var watching: [Duration] = []
        for _ in 0..<4 { watching.append(try cursor.duration("observer")) }
        var planning: [Duration] = []
        for _ in 0..<3 { planning.append(try cursor.duration("rounds")) }
        var judging: [UInt32] = []
        for _ in 0..<3 {
            guard let number = UInt32(exactly: try cursor.number("verdict")) else { throw .malformed("verdict") }
            judging.append(number)
        }
        do {
            self.init(
                raft: try RaftConfiguration(heartbeatInterval: heartbeat, electionTimeout: election, limits: limits),
                observer: try ObserverConfiguration(
                    downAfter: watching[0], tickInterval: watching[1], refusalDelay: watching[2], closingDelay: watching[3]),
                rounds: try RoundPlanner.Configuration(
                    interval: planning[0], minimumSpacing: planning[1], reportFreshness: planning[2]),
                verdict: VerdictSettings(upAfterMilliseconds: judging[0], flapLimit: judging[1], flapWindowMilliseconds: judging[2]))
        } catch {
            throw RecordingProblem.malformed("configuration: \(error)")
        }
    }
}

extension RaftConfiguration.Limits {
    /// In the order of a recording: a new one goes to the end.
    static var recorded: [WritableKeyPath<Self, Int>] {
        [
            \.entryBytes, \.appendBytes, \.appendEntries, \.inflightMessages, \.inflightBytes, \.uncommittedBytes, \.compactEntries,
            \.compactBytes, \.tailEntries, \.tailBytes, \.snapshotBytes, \.snapshotChunkBytes, \.snapshotChunksInFlight,
            \.promotionLagEntries,
        ]
    }

    fileprivate var inOrder: [Int] { Self.recorded.map { self[keyPath: $0] } }

    fileprivate init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        self.init()
        var limits: [Int] = []
        for _ in Self.recorded {
            guard let limit = Int(exactly: try cursor.signed("limits")) else { throw .malformed("limits") }
            limits.append(limit)
        }
        zip(Self.recorded, limits).forEach { self[keyPath: $0] = $1 }
    }
}
