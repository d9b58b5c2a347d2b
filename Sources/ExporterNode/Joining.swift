import RaftCore
import WireFormat

/// A node that asks to be taken in by a running cluster, until it is a voter: whom it asks, and what is worth telling.
///
/// It asks those that have answered its dials, in turn; every one of them passes the request on to the leader.
struct Joining: Sendable {
    let own: Membership.Member
    /// Those that have answered and may be asked: their names by incarnation.
    private var contacts: [NodeID: String] = [:]
    private var lastAsked: NodeID?
    /// Requests that may still be answered, and by whom; the oldest first.
    private var pending: [(sequence: UInt64, peer: NodeID)] = []
    /// Requests since the last answer.
    private var unanswered = 0
    /// Whether a committed configuration had this node; one that is not committed may come to nothing.
    private(set) var hasBelonged = false
    private var said: Set<String> = []
    private(set) var isOver = false

    /// How often it asks.
    static let interval = Duration.milliseconds(500)
    /// After so many requests without an answer it says what may be wrong.
    static let patience = 6
    /// More than are sent while one of them may still be answered.
    private static let maximumPending = 32
    private static let maximumContacts = 64
    private static let maximumSaid = 64

    /// What an answer means.
    enum News: Equatable, Sendable {
        case nothing
        /// Worth a line.
        case line(String)
        /// This node was removed: its process ends.
        case removed
    }

    init(own: Membership.Member) { self.own = own }

    /// Somebody has answered a dial.
    mutating func greeted(by hello: Hello) {
        guard contacts.count < Joining.maximumContacts else { return }
        contacts[hello.incarnation] = hello.memberName
    }

    mutating func lost(_ peer: NodeID) { contacts[peer] = nil }

    /// The next request and whom to send it to; nil while nobody can be asked, and once it is over.
    ///
    /// - Parameters:
    ///   - sequence: a number that no other request of this process has, passed on ones included.
    ///   - governing: the newest configuration in this node's log; nil before it has one.
    ///   - applied: the newest one that it knows to be committed.
    mutating func next(
        sequence: UInt64, governing: Membership?, applied: Membership?
    ) -> (to: NodeID, request: JoinRequest)? {
        learn(applied: applied)
        guard !isOver else { return nil }
        // About to be removed before it was a voter: asking now might undo that.
        if hasBelonged, governing?.member(own.id) == nil { return nil }
        let known = contacts.keys.sorted()
        guard let peer = known.first(where: { $0 > lastAsked ?? NodeID(0) }) ?? known.first else { return nil }
        lastAsked = peer
        pending = (pending + [(sequence, peer)]).suffix(Joining.maximumPending)
        unanswered += 1
        let request = JoinRequest(
            sequence: sequence, incarnation: own.id, name: own.name, address: own.address, webURL: own.webURL)
        return (peer, request)
    }

    /// What is committed, as far as this node knows.
    ///
    /// - Returns: whether this node has just become a member by it.
    @discardableResult
    mutating func learn(applied: Membership?) -> Bool {
        let role = applied?.member(own.id)?.role
        // One that only replays old entries has not belonged yet; one that did was removed, and asking again would undo that.
        if role == .voter || (role == nil && hasBelonged) { isOver = true }
        guard role != nil, !hasBelonged else { return false }
        hasBelonged = true
        return true
    }

    /// What to tell when there has been no answer for long.
    mutating func complaint() -> String? {
        guard unanswered >= Joining.patience, let lastAsked else { return nil }
        unanswered = 0
        return once(
            "\(contacts[lastAsked] ?? "\(lastAsked)") does not answer the request to join: can the members dial this node at "
                + "\(own.address)? See --cluster.advertise-address")
    }

    /// An answer; heard only from the one that was asked.
    mutating func take(_ reply: JoinReply, from sender: NodeID) -> News {
        guard !isOver, let asked = pending.firstIndex(where: { $0 == (reply.sequence, sender) }) else { return .nothing }
        pending.remove(at: asked)
        unanswered = 0
        switch reply.outcome {
        case .joined(let membership):
            let names = membership.members.map(\.name).sorted().joined(separator: ", ")
            return once("taken in by cluster \(membership.clusterID) of \(names)").map { .line($0) } ?? .nothing
        case .refused(let reason, let retry):
            if !retry { isOver = true }
            return once("\(hasBelonged ? "not a voter yet" : "not taken in yet"): \(reason)").map { .line($0) } ?? .nothing
        case .removed:
            isOver = true
            return .removed
        }
    }

    private mutating func once(_ line: String) -> String? {
        guard said.count < Joining.maximumSaid, said.insert(line).inserted else { return nil }
        return line
    }
}
