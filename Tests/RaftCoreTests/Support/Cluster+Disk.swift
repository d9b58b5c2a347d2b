@testable import RaftCore

extension Cluster {
    /// What survives a crash.
    struct Disk: Equatable {
        var hardState: HardState
        /// The whole log from index 1, also what a snapshot stands for.
        var entries: [LogEntry]
        var snapshot: Snapshot?
        /// Rows begin behind this entry.
        var start = LogPosition.origin

        init(hardState: HardState, entries: [LogEntry]) {
            self.hardState = hardState
            self.entries = entries
        }

        /// What the store gives a process that starts.
        var recovered: RecoveredState {
            RecoveredState(
                hardState: hardState, snapshot: snapshot, start: start, entries: Array(entries.dropFirst(Int(start.index.rawValue))))
        }
    }

    mutating func store(_ write: StorageWrite, at position: Int) {
        if let hardState = write.hardState { hosts[position].disk.hardState = hardState }
        if let snapshot = write.snapshot { store(snapshot, at: position) }
        if let first = write.entries.first {
            let kept = Int(first.index.rawValue) - 1
            checker.noteReplaced(hosts[position].disk.entries.dropFirst(kept), by: write.entries, at: hosts[position].id)
            hosts[position].disk.entries.removeLast(max(0, hosts[position].disk.entries.count - kept))
            hosts[position].disk.entries += write.entries
        }
    }

    private mutating func store(_ write: SnapshotWrite, at position: Int) {
        let id = hosts[position].id
        switch write.log {
        case .keep(let index):
            checker.noteCompaction(write.snapshot, keepingAfter: index, at: hosts[position])
            hosts[position].disk.start = LogPosition(
                index: index, term: index == .zero ? .zero : hosts[position].disk.entries[Int(index.rawValue) - 1].term)
        case .replace:
            let prefix = checker.prefix(through: write.snapshot.position, of: id)
            checker.noteReplaced(hosts[position].disk.entries[...], by: prefix, at: id)
            hosts[position].disk.entries = prefix
            hosts[position].disk.start = write.snapshot.position
        }
        hosts[position].disk.snapshot = write.snapshot
    }

    // MARK: The state machine

    mutating func load(_ snapshot: Snapshot, at position: Int) {
        checker.noteLoaded(snapshot, at: hosts[position])
        hosts[position].applied = Int(snapshot.position.index.rawValue)
        hosts[position].state = ModelState(snapshot)
    }

    mutating func apply(_ entries: [LogEntry], at position: Int) {
        for entry in entries { hosts[position].state.apply(entry) }
        hosts[position].applied += entries.count
        checker.noteState(hosts[position])
    }

    /// Encodes a node's state, to be handed to its core later; tells whether there was one to encode.
    mutating func capture(_ number: UInt64) -> Bool {
        let position = position(number)
        let applied = LogIndex(UInt64(hosts[position].applied))
        guard hosts[position].captured == nil, let mark = hosts[position].node?.snapshotMark(at: applied) else { return false }
        hosts[position].captured = Snapshot(
            position: mark.position, membership: mark.membership, membershipIndex: mark.membershipIndex,
            bytes: hosts[position].state.bytes)
        return true
    }

    /// Hands the encoded state to the core; tells whether there was one.
    mutating func compact(_ number: UInt64) -> Bool {
        let position = position(number)
        guard let snapshot = hosts[position].captured else { return false }
        hosts[position].captured = nil
        _ = input(position) { $0.compact(snapshot, now: $1) }
        return true
    }
}

/// A state machine that remembers everything applied to it, in few bytes.
struct ModelState: Equatable {
    private(set) var digest: UInt64 = 0
    private(set) var count: UInt64 = 0

    init() {}

    /// The state that a snapshot holds.
    init(_ snapshot: Snapshot) {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        digest = number(snapshot.bytes.prefix(8))
        count = number(snapshot.bytes.dropFirst(8).prefix(8))
    }

    mutating func apply(_ entry: LogEntry) {
        var bytes: [UInt8] = []
        if case .command(let command) = entry.content { bytes = command }
        count += 1
        for value in [entry.index.rawValue, entry.term.rawValue] + bytes.map(UInt64.init) {
            digest = (digest ^ value) &* 0x100_0000_01B3 &+ 0x9E37_79B9
        }
    }

    /// 16 to 46 bytes, so that a snapshot takes more than one chunk.
    var bytes: [UInt8] {
        let numbers = [digest, count].flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - $0 * 8)) } }
        return numbers + [UInt8](repeating: 0xA5, count: Int(count % 4) * 10)
    }
}
