import RaftCore

/// A node whose write has been under way for an election timeout promises nothing that needs another one; a leader is none any more after
/// two.
struct StalledDisk {
    let electionTimeout: Duration

    /// How long the write under way takes already; nil without one.
    func sent(_ message: Message, by id: NodeID, writing: Duration?) throws(Violation) {
        guard case .preVoteReply(let reply) = message.body, reply.granted, let writing, writing >= electionTimeout else { return }
        throw Violation("stalled-disk", "\(id) would vote, its disk has been writing for \(writing)")
    }

    /// A leader has just seen to what was due.
    func awake(_ id: NodeID, voters: [NodeID], writing: Duration?) throws(Violation) {
        guard voters.count > 1, let writing, writing >= electionTimeout * 2 else { return }
        throw Violation("stalled-disk", "\(id) leads, its disk has been writing for \(writing)")
    }
}
