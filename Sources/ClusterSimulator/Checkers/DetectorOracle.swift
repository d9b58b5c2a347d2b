import ClusterHealth
import RaftCore

/// Every change of a member's state held against what was really true of it.
///
/// A member that nothing has disturbed for the settling time must not change for the worse: a leader change alone changes no state. One
/// that ends or falls silent while all else is well is called `down` in time, and once all is well again everybody who runs is `up`.
/// Whoever ended and was down is not called `up` on what was heard of it before. What else happens amid faults is counted.
struct DetectorOracle {
    private var members: [Member]
    private let settlingTime: Int64
    private let detectionBound: Int64
    /// How long after a member's end a round may still be proposed on what was heard of it.
    private let hearsayBound: Int64
    /// How many machines are frozen and how many faults hold or slow frames, and until when that kept what is old from being seen as old.
    private var holdUps = 0
    private var heldUpUntil: Int64 = 0
    /// From a member's end to the committed `down`, in nanoseconds.
    private(set) var detectionTimes: [Int64] = []
    /// Calls of `down` for a member whose process ran, amid faults that touched it.
    private(set) var alarmsAmidFaults = 0
    /// How long such a call lasted, where the process ran all the while; in nanoseconds.
    private(set) var falseDownTimes: [Int64] = []
    private(set) var transitions = 0

    private struct Member {
        /// How many faults touch it now, and when the last one ended.
        var faults = 0
        var disturbedAt: Int64 = 0
        /// When it ended, while its detection is measured.
        var endedAt: Int64?
        /// Since when it has no process; nil while it has one.
        var goneAt: Int64?
        /// Since when it has been called down though its process runs.
        var falselyDownSince: Int64?
    }

    init(members: Int, settlingTime: Int64, detectionBound: Int64, hearsayBound: Int64 = .max) {
        self.members = Array(repeating: Member(), count: members)
        self.settlingTime = settlingTime
        self.detectionBound = detectionBound
        self.hearsayBound = hearsayBound
    }

    mutating func faultBegan(at slot: Int, _ now: Int64) {
        members[slot].faults += 1
        disturbed(slot, now)
    }

    mutating func faultEnded(at slot: Int, _ now: Int64) {
        members[slot].faults -= 1
        disturbed(slot, now)
    }

    /// A fault that is over as soon as it has happened, or at a time to come.
    mutating func disturbed(_ slot: Int, _ now: Int64) { members[slot].disturbedAt = max(members[slot].disturbedAt, now) }

    mutating func measure(endOf slot: Int, _ now: Int64) { members[slot].endedAt = now }

    /// Its process has ended.
    mutating func gone(_ slot: Int, _ now: Int64) {
        members[slot].goneAt = now
        members[slot].falselyDownSince = nil
    }

    /// A process runs there again.
    mutating func back(_ slot: Int) { members[slot].goneAt = nil }

    mutating func holdUpBegan() { holdUps += 1 }

    /// - Parameter now: when the last frame that it held up has arrived.
    mutating func holdUpEnded(_ now: Int64) {
        holdUps -= 1
        heldUpUntil = max(heldUpUntil, now)
    }

    func isSettled(_ slot: Int, _ now: Int64) -> Bool {
        members[slot].faults == 0 && now - members[slot].disturbedAt > settlingTime
    }

    /// - Parameter proposedAt: when the round that changed it was proposed, or one before.
    mutating func changed(
        _ slot: Int, _ name: String, from: MemberState, to state: MemberState, isRunning: Bool, proposedAt: Int64 = 0, at now: Int64
    ) throws(Violation) {
        transitions += 1
        if state != .down, let since = members[slot].falselyDownSince {
            falseDownTimes.append(now - since)
            members[slot].falselyDownSince = nil
        }
        if from == .down { try checkCalledUp(slot, name, proposedAt) }
        switch state {
        case .unknown, .up, .maintenance: return
        case .suspect, .degraded, .down: break
        }
        if isSettled(slot, now) {
            let quiet = (now - members[slot].disturbedAt) / RunPlan.millisecond
            throw Violation("undisturbed-member", "\(name) went from \(from.label) to \(state.label), undisturbed for \(quiet) ms")
        }
        guard state == .down else { return }
        if let ended = members[slot].endedAt {
            detectionTimes.append(now - ended)
            members[slot].endedAt = nil
            guard now - ended <= detectionBound else { throw late(name, since: ended, now) }
        } else if isRunning {
            alarmsAmidFaults += 1
            members[slot].falselyDownSince = now
        }
    }

    /// From `down` only: a suspicion ends also when who had it starts again, and has no opinion.
    private func checkCalledUp(_ slot: Int, _ name: String, _ proposedAt: Int64) throws(Violation) {
        guard let gone = members[slot].goneAt, holdUps == 0, proposedAt - max(gone, heldUpUntil) > hearsayBound else { return }
        let waited = (proposedAt - gone) / RunPlan.millisecond
        throw Violation("called-up", "\(name) had been without a process for \(waited) ms when a round called it up")
    }

    /// Nothing has happened for the settling time.
    func settled(_ row: MemberRow, isRunning: Bool) throws(Violation) {
        guard row.state == (isRunning ? .up : .down) else {
            let truth = isRunning ? "runs" : "does not run"
            throw Violation(
                "settled-state", "\(row.name) \(truth), with nothing going on for long enough, and is called \(row.state.label)")
        }
    }

    /// Long enough after a member's end: it has been called down.
    func ended(_ slot: Int, _ name: String, _ now: Int64) throws(Violation) {
        if let since = members[slot].endedAt { throw late(name, since: since, now) }
    }

    private func late(_ name: String, since: Int64, _ now: Int64) -> Violation {
        let (waited, bound) = ((now - since) / RunPlan.millisecond, detectionBound / RunPlan.millisecond)
        return Violation("detection", "\(name) ended \(waited) ms ago; it is to be called down within \(bound) ms")
    }
}
