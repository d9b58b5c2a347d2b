import FaultyFileSystem
import LogStorage
import RaftCore
import Testing

/// A disk that fails while a store is opened: the opening fails too and says why, never that the store is damaged, and leaves it whole.
@Suite struct FailedOpeningTests {
    @Test func everyReadMayFail() throws {
        let failures = try failEach { faults, number in faults.readsUntilFailure = number }
        #expect(failures > 10)
    }

    @Test func everySyncMayFail() throws {
        let failures = try failEach { faults, number in faults.syncsUntilFailure = number }
        #expect(failures > 4)
    }

    /// Opening needs room for the journal when a loss of power took the old one.
    @Test func theDiskMayBeFull() throws {
        for loss in [PowerLoss.nothing, .all] {
            var rig = try rigAmidATransaction(loss)
            rig.disk.faults.freeBytes = rig.disk.usedBytes
            let error = try rig.openingError()
            if let error { #expect(FailedOpeningTests.isOfTheDisk(error), "\(error)") }
            rig.end(nil)
            try rig.reopenAndGoOn("after a full disk")
        }
    }

    /// Has the first, second, … operation of an opening fail, until there is none left to fail.
    private func failEach(_ setFault: (inout DiskFaults, Int) -> Void) throws -> Int {
        var number = 1
        while true {
            var rig = try rigAmidATransaction(.scattered(keeps: 600_000))
            setFault(&rig.disk.faults, number)
            guard let error = try rig.openingError() else { return number - 1 }
            #expect(FailedOpeningTests.isOfTheDisk(error), "operation \(number): \(error)")
            rig.end(nil)
            try rig.reopenAndGoOn("operation \(number)")
            number += 1
        }
    }

    /// A store with a transaction to roll back: it has a journal that is worth something.
    private func rigAmidATransaction(_ loss: PowerLoss) throws -> CrashRig {
        var rig = CrashRig(seed: 77)
        try rig.open()
        for _ in 0..<5 { #expect(try rig.write()) }
        rig.disk.faults.stepsUntilPowerLoss = 9
        while try rig.write() {}
        rig.end(loss)
        return rig
    }

    private static func isOfTheDisk(_ error: LogStorageError) -> Bool {
        switch error {
        case .cannotOpen, .cannotWrite: true
        case .locked, .damaged, .otherCluster, .otherMember, .newerFormat, .impossibleWrite, .closed: false
        }
    }
}

extension CrashRig {
    /// Why an opening failed; nil when it did not.
    fileprivate mutating func openingError() throws -> LogStorageError? {
        do {
            try open()
            return nil
        } catch let error as LogStorageError {
            return error
        }
    }
}
