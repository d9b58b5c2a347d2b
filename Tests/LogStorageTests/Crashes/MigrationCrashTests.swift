import FaultyFileSystem
import Foundation
import LogStorage
import RaftCore
import Testing

/// A store of the first format becomes one of the present format in one transaction: power may go at any step of it.
@Suite struct MigrationCrashTests {
    @Test func everyStepOfAMigrationMayBeTheLast() throws {
        let content = [UInt8](try FormerFormatTests.fixture("store-0.1.0.txt"))
        let losses: [PowerLoss?] = [nil, .nothing, .all, .prefix, .scattered(keeps: 300_000), .scattered(keeps: 800_000)]
        var twin = StoreTwin()
        twin.held = RecoveredState(hardState: formerHardState, entries: formerEntries)
        var step = 1
        var isOver = false
        while !isOver {
            for (number, loss) in losses.enumerated() {
                var rig = CrashRig(seed: UInt64(step * 10 + number), holding: twin)
                try rig.disk.restore(rig.disk.folder + "/" + storeName, content)
                rig.disk.faults.stepsUntilPowerLoss = step
                isOver = try rig.opensOrDies()
                rig.end(loss)
                try rig.reopenAndGoOn("step \(step), \(loss.map { "\($0)" } ?? "a kill")")
            }
            step += 1
        }
        #expect(step > 20, "a migration of so few steps is none")
    }

    /// A store is made under another name and becomes the member's in one step, wherever power goes meanwhile.
    @Test func everyStepOfAFirstStartMayBeTheLast() throws {
        var step = 1
        var isOver = false
        while !isOver {
            for (number, loss) in [nil, PowerLoss.nothing, .all, .prefix, .scattered(keeps: 500_000)].enumerated() {
                var rig = CrashRig(seed: UInt64(step * 10 + number))
                rig.disk.faults.stepsUntilPowerLoss = step
                isOver = try rig.opensOrDies()
                rig.end(loss)
                try rig.reopenAndGoOn("step \(step), \(loss.map { "\($0)" } ?? "a kill")")
            }
            step += 1
        }
        #expect(step > 20)
    }
}

extension CrashRig {
    /// Opens; false when the power went meanwhile.
    mutating func opensOrDies() throws -> Bool {
        do {
            try open()
            return true
        } catch let error as LogStorageError {
            guard disk.faults.isDead else { throw error }
            return false
        }
    }
}
