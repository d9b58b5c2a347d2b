import RaftCore

/// A node whose write has been under way for an election timeout promises nothing that needs another one; a leader is none any more after
/// two, and hands over before if it can.
struct StalledDisk {
    let electionTimeout: Duration

    /// How long the write under way takes already; nil without one.
    func sent(_ message: Message, by id: NodeID, writing: Duration?) throws(Violation) {
        guard case .preVoteReply(let reply) = message.body, reply.granted, let writing, writing >= electionTimeout else { return }
        throw Violation("stalled-disk", "\(id) would vote, its disk has been writing for \(writing)")
    }

    /// A leader has just seen to what was due.
    ///
    /// - Parameter reachable: another voter that it hears.
    func awake(
        _ id: NodeID, voters: [NodeID], writing: Duration?, isTransferring: Bool, reachable: @autoclosure () -> NodeID?
    ) throws(Violation) {
        guard voters.count > 1, let writing, writing >= electionTimeout else { return }
        guard writing < electionTimeout * 2 else {
            throw Violation("stalled-disk", "\(id) leads, its disk has been writing for \(writing)")
        }
        guard !isTransferring, let successor = reachable() else { return }
        throw Violation("stalled-disk", "\(id) does not hand over to \(successor) or another, its disk has been writing for \(writing)")
    }
}
