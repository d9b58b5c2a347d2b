import ClusterHealth
import RaftCore

/// The verdict written a second time, naively and by counting in other ways, from the sentences of the rule alone.
///
/// It shares nothing with `VerdictRule` but the types: one member at a time, everything it needs spelled out.
struct VerdictTwin {
    /// What each voter's fresh report says of the member; a voter without one here is stale. The member's own may be among them.
    var words: [(observer: NodeID, word: Observation)]
    var voterCount: Int
    var member: NodeID
    var row: MemberRow
    var sample: HealthSample?
    var now: UInt64
    var settings: VerdictSettings

    /// State, reason and flapping after the round, whether they change or not.
    func outcome() -> HealthRound.Decision {
        let before = HealthRound.Decision(state: row.state, downReason: row.downReason, flapping: row.flapping)
        if words.count * 2 <= voterCount { return before }
        let others = words.filter { $0.observer != member }.map(\.word)
        let silent = others.filter { $0 == .lostBySilence }.count
        let refused = others.filter { $0 == .lostByRefusal }.count
        let closed = others.filter { $0 == .lostByClosing }.count
        let lost = silent + refused + closed
        let announced = sample.map(\.stopping) == true
        let gone = lost * 2 > voterCount || (announced && lost >= 1)

        var after = before
        if gone {
            after.downReason = announced ? .stopped : strongest(silent: silent, refused: refused, closed: closed)
        } else if row.isUp == false {
            let seen = others.contains(.reaching) || (voterCount == 1 && words.map(\.observer) == [member])
            let waited = row.reachableSince.map { now - $0.milliseconds } ?? 0
            if seen && waited >= wait() { after.downReason = nil }
        }
        if row.state != .maintenance { after.state = state(gone: after.downReason != nil, lost: lost) }
        let wasUp = row.isUp
        let isUp: Bool? = after.downReason != nil ? false : sample == nil ? nil : true
        let flips = recent() + (wasUp != nil && wasUp != isUp ? 1 : 0)
        after.flapping = flips > Int(settings.flapLimit)
        return after
    }

    private func state(gone: Bool, lost: Int) -> MemberState {
        if gone { return .down }
        guard let sample else { return .unknown }
        if lost > 0 { return .suspect }
        return sample.degradedReasons.isEmpty ? .up : .degraded
    }

    private func strongest(silent: Int, refused: Int, closed: Int) -> DownReason {
        let greatest = max(silent, refused, closed)
        switch row.downReason {
        case .silent where silent == greatest: return .silent
        case .refused where refused == greatest: return .refused
        case .closed where closed == greatest: return .closed
        default: break
        }
        if refused == greatest { return .refused }
        return closed == greatest ? .closed : .silent
    }

    private func recent() -> Int { row.recentChanges.filter { now - $0.milliseconds < UInt64(settings.flapWindowMilliseconds) }.count }

    private func wait() -> UInt64 {
        var wait = UInt64(settings.upAfterMilliseconds)
        for _ in 0..<min(5, max(0, recent() - Int(settings.flapLimit))) { wait += wait }
        return wait
    }
}
