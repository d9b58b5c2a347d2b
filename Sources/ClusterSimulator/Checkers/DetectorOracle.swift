import ClusterHealth
import RaftCore

/// Every change of a member's state held against what was really true of it.
///
/// A member that nothing has disturbed for the settling time must not change for the worse: a leader change alone changes no state. For
/// members that were killed or cut off while all else was well, the time to `down` is kept; what happens amid faults is counted.
struct DetectorOracle {
    private var members: [Member]
    private let settlingTime: Int64
    /// From a member's end to the committed `down`, in nanoseconds.
    private(set) var detectionTimes: [Int64] = []
    /// Calls of `down` for a member whose process ran, amid faults that touched it.
    private(set) var alarmsAmidFaults = 0
    private(set) var transitions = 0

    private struct Member {
        /// How many faults touch it now, and when the last one ended.
        var faults = 0
        var disturbedAt: Int64 = 0
        /// When it ended, while its detection is measured.
        var endedAt: Int64?
    }

    init(members: Int, settlingTime: Int64) {
        self.members = Array(repeating: Member(), count: members)
        self.settlingTime = settlingTime
    }

    mutating func faultBegan(at slot: Int, _ now: Int64) {
        members[slot].faults += 1
        members[slot].disturbedAt = now
    }

    mutating func faultEnded(at slot: Int, _ now: Int64) {
        members[slot].faults -= 1
        members[slot].disturbedAt = now
    }

    /// A fault that is over as soon as it has happened.
    mutating func disturbed(_ slot: Int, _ now: Int64) { members[slot].disturbedAt = max(members[slot].disturbedAt, now) }

    mutating func measure(endOf slot: Int, _ now: Int64) { members[slot].endedAt = now }

    func isSettled(_ slot: Int, _ now: Int64) -> Bool {
        members[slot].faults == 0 && now - members[slot].disturbedAt > settlingTime
    }

    mutating func changed(
        _ slot: Int, _ name: String, from: MemberState, to state: MemberState, isRunning: Bool, at now: Int64
    ) throws(Violation) {
        transitions += 1
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
        } else if isRunning {
            alarmsAmidFaults += 1
        }
    }
}
