import NodeReplica
import RaftCore

// Disks: how long a write takes, and how it may end.

extension Simulator {
    mutating func beginWrite(_ batch: StorageBatch, on slot: Int) throws(Violation) {
        try machines[slot].store.begin(batch)
        machines[slot].writeStartedAt = now
        machines[slot].writeStartedLocal = local(slot)
        let due = max(now + plan.disk.latency + random.number(from: 0, to: plan.disk.jitter + 1), machines[slot].diskStalledUntil)
        heap.push(.written(slot: slot, boot: machines[slot].boot), at: due)
    }

    /// How long a machine's write is under way already, by its own clock; nil without one.
    func writing(_ slot: Int) -> Duration? {
        machines[slot].store.writing == nil ? nil : local(slot) - machines[slot].writeStartedLocal
    }

    func local(_ slot: Int) -> MonotonicInstant { MonotonicInstant(nanoseconds: machines[slot].clock.monotonic(at: now)) }

    mutating func writeEnded(_ slot: Int, _ boot: UInt32) throws(Violation) {
        guard machines[slot].boot == boot, machines[slot].hasProcess, let number = machines[slot].store.writing else { return }
        if machines[slot].diskStalledUntil > now {
            return heap.push(.written(slot: slot, boot: boot), at: machines[slot].diskStalledUntil)
        }
        if machines[slot].diskIsFull {
            try machines[slot].store.fail(.noRoom, &random)
            // One that is full for good is counted as that, however often its node is started again.
            return try crash(slot, phase == .permanent ? nil : .diskFull, for: random.around(plan.timing.electionTimeout))
        }
        if machines[slot].nextSyncFails {
            machines[slot].nextSyncFails = false
            try machines[slot].store.fail(.failedSync, &random)
            return try crash(slot, .failedSync, for: random.around(plan.timing.electionTimeout))
        }
        if machines[slot].nextWriteTears {
            try damage(slot, .tornTransaction)
            guard machines[slot].hasProcess else { return }
        }
        checkers.ledger.stored(try machines[slot].store.complete(), at: machines[slot].identity.number)
        let elapsed = machines[slot].clock.monotonic(at: now) - machines[slot].clock.monotonic(at: machines[slot].writeStartedAt)
        try feed(.written(number, duration: .nanoseconds(max(0, elapsed))), to: slot)
    }
}
