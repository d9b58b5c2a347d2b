import RaftCore

/// What is true of the whole run, as no node knows it: every entry that was ever written, what every disk holds undamaged, and what is
/// committed. The checkers read it.
struct Ledger {
    /// By incarnation's number.
    private(set) var disks: [TrueDisk] = []
    /// From index 1.
    private(set) var committed: [CommittedEntry] = []
    var configurations: ConfigurationLedger

    init(founding: Membership) { configurations = ConfigurationLedger(founding: founding) }

    /// What an undamaged disk would hold, as digests.
    struct TrueDisk {
        var hardState = HardState()
        /// From index 1, also where a snapshot has replaced them.
        var entries: [Stored] = []
        /// Where its rows begin, and what its snapshot covers.
        var start = LogPosition.origin
        var snapshot: LogPosition?

        var lastIndex: UInt64 { UInt64(entries.count) }

        func holds(_ index: UInt64, term: UInt64) -> Bool {
            index > 0 && index <= lastIndex && entries[Int(index) - 1].term == term
        }
    }

    struct Stored: Equatable {
        var term: UInt64
        var content: UInt64
    }

    struct CommittedEntry {
        var entry: Stored
        /// The term of the leader that committed it.
        var committedIn: UInt64
        /// The last index at or below that holds a command; 0 for none.
        var lastCommand: UInt64
    }

    mutating func addDisk() { disks.append(TrueDisk()) }

    /// A transaction is durable.
    mutating func stored(_ writes: [StorageWrite], at identity: Int) {
        for write in writes {
            if let hardState = write.hardState { disks[identity].hardState = hardState }
            if let snapshot = write.snapshot { stored(snapshot, at: identity) }
            guard let first = write.entries.first else { continue }
            let kept = Int(first.index.rawValue) - 1
            disks[identity].entries.removeSubrange(min(kept, disks[identity].entries.count)...)
            disks[identity].entries += write.entries.map { Stored(term: $0.term.rawValue, content: Digest.of($0.content)) }
        }
    }

    private mutating func stored(_ write: SnapshotWrite, at identity: Int) {
        let position = write.snapshot.position
        disks[identity].snapshot = position
        switch write.log {
        case .keep(let index):
            guard index > disks[identity].start.index else { return }
            disks[identity].start = LogPosition(index: index, term: Term(disks[identity].entries[Int(index.rawValue) - 1].term))
        case .replace:
            // What it covers is committed; a snapshot that covers more is found by its own checker.
            disks[identity].entries = committed.prefix(Int(position.index.rawValue)).map(\.entry)
            disks[identity].start = position
        }
    }

    var committedIndex: UInt64 { UInt64(committed.count) }

    func isCommitted(_ index: UInt64, term: UInt64) -> Bool {
        index > 0 && index <= committedIndex && committed[Int(index) - 1].entry.term == term
    }

    mutating func commit(_ entry: LogEntry, in term: Term) throws(Violation) {
        try configurations.committed(entry)
        var lastCommand = committed.last?.lastCommand ?? 0
        if case .command = entry.content { lastCommand = entry.index.rawValue }
        committed.append(
            CommittedEntry(
                entry: Stored(term: entry.term.rawValue, content: Digest.of(entry.content)), committedIn: term.rawValue,
                lastCommand: lastCommand))
    }

    /// How many of these voters' disks hold an entry.
    func holders(of index: UInt64, term: UInt64, among voters: [NodeID]) -> Int {
        voters.count { voter in
            let number = Identity.number(of: voter)
            return number < disks.count && disks[number].holds(index, term: term)
        }
    }

    /// The last entry that a leader of a lower term committed.
    func lastCommitted(before term: Term) -> (index: UInt64, term: UInt64)? {
        var low = 0
        var high = committed.count
        while low < high {
            let middle = (low + high) / 2
            if committed[middle].committedIn < term.rawValue { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : (UInt64(low), committed[low - 1].entry.term)
    }
}
