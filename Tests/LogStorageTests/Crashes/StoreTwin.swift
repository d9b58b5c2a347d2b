import RaftCore

/// What a store must hold, told by the plainest means: arrays that are cut and extended.
struct StoreTwin: Equatable {
    var held = RecoveredState()

    var last: UInt64 { held.start.index.rawValue + UInt64(held.entries.count) }

    /// The last index that no entry may replace any more.
    var covered: UInt64 { max(held.start.index.rawValue, held.snapshot?.position.index.rawValue ?? 0) }

    /// The term of a stored entry, or of the position before the first one.
    func term(at index: UInt64) -> Term {
        index == held.start.index.rawValue ? held.start.term : held.entries[Int(index - held.start.index.rawValue) - 1].term
    }

    mutating func apply(_ writes: [StorageWrite]) {
        for write in writes {
            if let hardState = write.hardState { held.hardState = hardState }
            if let snapshot = write.snapshot { store(snapshot) }
            guard let first = write.entries.first else { continue }
            held.entries.removeAll { $0.index >= first.index }
            held.entries += write.entries
        }
    }

    private mutating func store(_ write: SnapshotWrite) {
        held.snapshot = write.snapshot
        switch write.log {
        case .replace:
            held.start = write.snapshot.position
            held.entries = []
        case .keep(let index):
            guard index > held.start.index else { return }
            held.start = LogPosition(index: index, term: term(at: index.rawValue))
            held.entries.removeAll { $0.index <= index }
        }
    }
}
