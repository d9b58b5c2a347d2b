import ClusterHealth
public import RaftCore
public import WireFormat

/// What a replica begins with: the first record, from which alone, with the inputs behind it, the replica comes about again.
public struct RecordingHead: Equatable, Sendable {
    /// Of the program that recorded, for people.
    public var programVersion: String
    public var id: NodeID
    public var configuration: ReplicaConfiguration
    /// What the store held.
    public var recovered: RecoveredState
    /// Of the core's randomness.
    public var seed: UInt64
    /// When the replica was made.
    public var moment: Moment

    public init(
        programVersion: String, id: NodeID, configuration: ReplicaConfiguration, recovered: RecoveredState, seed: UInt64, moment: Moment
    ) {
        self.programVersion = programVersion
        self.id = id
        self.configuration = configuration
        self.recovered = recovered
        self.seed = seed
        self.moment = moment
    }

    /// The replica that was recorded, as it began.
    ///
    /// - Throws: `WireFormatError` for a snapshot that this version cannot read.
    public func replica() throws(WireFormatError) -> Replica {
        try Replica(id: id, configuration: configuration, recovered: recovered, seed: seed, at: moment)
    }

    func write(to bytes: inout RecordingBytes) {
        bytes.add(Array(programVersion.utf8))
        bytes.add(id)
        bytes.add(fixed: seed)
        bytes.add(signed: moment.monotonic.nanoseconds)
        bytes.add(signed: moment.wall.milliseconds)
        configuration.write(to: &bytes)
        recovered.write(to: &bytes)
    }

    init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        programVersion = String(decoding: try cursor.content("program version"), as: UTF8.self)
        id = try cursor.node("node")
        seed = try cursor.fixed("seed")
        moment = Moment(
            monotonic: MonotonicInstant(nanoseconds: try cursor.signed("moment")), wall: WallTime(milliseconds: try cursor.signed("moment"))
        )
        configuration = try ReplicaConfiguration(from: &cursor)
        recovered = try RecoveredState(from: &cursor)
    }
}

extension RecoveredState {
    fileprivate func write(to bytes: inout RecordingBytes) {
        bytes.add(hardState.term.rawValue)
        bytes.add(hardState.votedFor != nil)
        if let vote = hardState.votedFor { bytes.add(vote) }
        bytes.add(start)
        bytes.add(snapshot != nil)
        if let snapshot {
            bytes.add(snapshot.position)
            bytes.add(snapshot.membershipIndex.rawValue)
            bytes.add(EntryCoding.encode(.membership(snapshot.membership)).bytes)
            bytes.add(snapshot.bytes)
        }
        bytes.add(UInt64(entries.count))
        for entry in entries {
            let (kind, content) = EntryCoding.encode(entry.content)
            bytes.add(entry.term.rawValue)
            bytes.add(byte: kind.rawValue)
            bytes.add(content)
        }
    }

    fileprivate init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        let term = Term(try cursor.counter("term"))
        let vote = try cursor.flag("vote") ? try cursor.node("vote") : nil
        let start = try cursor.logPosition("start of the log")
        let snapshot = try cursor.flag("snapshot") ? try Snapshot(from: &cursor) : nil
        let count = try cursor.count("entries")
        var entries: [LogEntry] = []
        var last = start
        for _ in 0..<count {
            let entry = try LogEntry(after: last, from: &cursor)
            entries.append(entry)
            last = LogPosition(index: entry.index, term: entry.term)
        }
        let covered = snapshot?.position.index ?? .zero
        guard start.index <= covered, covered <= last.index, last.term <= term else { throw .malformed("recovered state") }
        self.init(hardState: HardState(term: term, votedFor: vote), snapshot: snapshot, start: start, entries: entries)
    }
}

extension Snapshot {
    fileprivate init(from cursor: inout RecordingCursor) throws(RecordingProblem) {
        let position = try cursor.logPosition("snapshot")
        let membershipIndex = LogIndex(try cursor.counter("snapshot"))
        let membership = try cursor.membership("snapshot")
        self.init(position: position, membership: membership, membershipIndex: membershipIndex, bytes: try cursor.content("snapshot"))
    }
}

extension LogEntry {
    fileprivate init(after last: LogPosition, from cursor: inout RecordingCursor) throws(RecordingProblem) {
        let term = Term(try cursor.counter("entry"))
        guard term >= last.term, term > .zero, let kind = EntryCoding.Kind(rawValue: try cursor.byte("entry")) else {
            throw .malformed("entry")
        }
        let bytes = try cursor.content("entry")
        self.init(
            index: last.index.next, term: term, content: try recorded { () throws(WireFormatError) in try EntryCoding.decode(kind, bytes) })
    }
}

extension RecordingCursor {
    mutating func membership(_ field: String) throws(RecordingProblem) -> Membership {
        let bytes = try content(field)
        let content = try recorded { () throws(WireFormatError) in try EntryCoding.decode(.membership, bytes) }
        guard case .membership(let membership) = content else { throw .malformed(field) }
        return membership
    }
}
