import RaftCore

/// What the voters' reports of one round say of one member.
///
/// Only voters' reports count, one about oneself never does, and a majority is always of all voters: a voter that is silent has not
/// lost anybody. How contact is counted here is part of the round's meaning, not of the verdict rule: `ClusterHealthView.apply` uses
/// it whatever the rule's version, so it may change only together with the round's content.
struct Evidence: Equatable, Sendable {
    /// How many observers other than the member itself are in contact with it.
    private(set) var reaching = 0
    /// How many have lost it, in the order of `Evidence.reasons`.
    private var losses = [0, 0, 0]
    /// The member is a voter nobody else could observe, and its own report is in the round: the reporter lives.
    private let speaksForItself: Bool
    private let majority: Int

    /// From the reason that tells most to the one that tells least; decides ties.
    private static let reasons: [DownReason] = [.refused, .closed, .silent]

    init(of member: NodeID, voters: [NodeID], reports: NodeMap<ObserverReport>) {
        majority = Quorum.majority(of: voters.count)
        speaksForItself = voters == [member] && reports.contains(member)
        for voter in voters where voter != member {
            guard let observation = reports[voter]?.observations[member] else { continue }
            if observation == .reaching { reaching += 1 }
            if let position = Evidence.reasons.firstIndex(where: { $0 == observation.lossReason }) { losses[position] += 1 }
        }
    }

    /// Whether enough voters have reported for any state to change.
    static func isConclusive(_ reports: NodeMap<ObserverReport>, voters: [NodeID]) -> Bool {
        voters.count { reports.contains($0) } >= Quorum.majority(of: voters.count)
    }

    var someoneHasLost: Bool { losses.contains { $0 > 0 } }

    var majorityHasLost: Bool { losses.reduce(0, +) >= majority }

    /// Whether the member counts as lost. One that has announced its stop needs no majority: a single observer confirms it.
    func hasLost(stopping: Bool) -> Bool { majorityHasLost || (stopping && someoneHasLost) }

    /// Whether the member counts as reachable: not lost, and another observer is in contact.
    func isReachable(stopping: Bool) -> Bool { !hasLost(stopping: stopping) && (reaching > 0 || speaksForItself) }

    /// The reason most observers give; among equals the one already given, then refused before closed before silent.
    func reason(given: DownReason?) -> DownReason {
        var best = DownReason.silent
        var most = 0
        let order = [given].compactMap { $0 } + Evidence.reasons
        for reason in order {
            guard let position = Evidence.reasons.firstIndex(of: reason), losses[position] > most else { continue }
            best = reason
            most = losses[position]
        }
        return best
    }
}
