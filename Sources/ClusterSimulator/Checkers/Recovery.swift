import RaftCore

/// What a store gives at a start is what was made durable, to the last entry; or it is refused. Never less, and never anything else.
struct Recovery {
    func recovered(_ id: NodeID, _ state: RecoveredState, _ disk: Ledger.TrueDisk) throws(Violation) {
        if let difference = difference(of: state, from: disk) { throw Violation("recovery", "\(id) recovered \(difference)") }
    }

    /// What a store gave that its disk was not given, in words; nil when they agree.
    func difference(of state: RecoveredState, from disk: Ledger.TrueDisk) -> String? {
        guard state.hardState == disk.hardState else {
            return "term \(state.hardState.term), its disk was given term \(disk.hardState.term)"
        }
        guard state.snapshot?.position == disk.snapshot, state.start == disk.start else {
            return "a log from \(state.start), its disk was given one from \(disk.start)"
        }
        let found = state.entries.map { Ledger.Stored(term: $0.term.rawValue, content: Digest.of($0.content)) }
        guard found == Array(disk.entries.dropFirst(Int(disk.start.index.rawValue))) else {
            return "\(found.count) entries that are not those of its log through \(disk.lastIndex)"
        }
        return nil
    }

    /// A store that nobody damaged must open.
    func refused(_ id: NodeID, _ error: String, isDamaged: Bool) throws(Violation) {
        guard !isDamaged else { return }
        throw Violation("recovery", "\(id) refuses an undamaged store: \(error)")
    }
}
