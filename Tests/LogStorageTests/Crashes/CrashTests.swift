import FaultyFileSystem
import Foundation
import LogStorage
import RaftCore
import Testing

/// The real store on disks that lose power at any write and at any sync: what was acknowledged is there, and besides it at most the one
/// transaction that was under way, as a whole.
@Suite struct CrashTests {
    /// More than the usual ones: `QUORUM_CRASH_RUNS=20000 swift test --filter CrashTests`.
    static let runs = ProcessInfo.processInfo.environment["QUORUM_CRASH_RUNS"].flatMap { UInt64($0) } ?? 200

    @Test func whatWasAcknowledgedSurvivesALossOfPowerAtAnyStep() throws {
        let counts = try each(seeds: 1...CrashTests.runs) { rig in
            for _ in 0..<4 { try CrashTests.writeUntilTheEnd(&rig) }
        }
        #expect(counts.ends >= 4 * Int(CrashTests.runs))
        #expect(counts.inFlightKept > Int(CrashTests.runs) / 20, "\(counts)")
        #expect(counts.inFlightLost > Int(CrashTests.runs) / 5, "\(counts)")
        #expect(counts.endsWhileOpening > Int(CrashTests.runs) / 5, "\(counts)")
    }

    @Test func whatWasAcknowledgedSurvivesFailedSyncsFullDisksAndFailedReads() throws {
        let counts = try each(seeds: 1_000_001...1_000_000 + CrashTests.runs) { rig in
            for _ in 0..<4 { try CrashTests.writeUntilAFailure(&rig) }
        }
        #expect(counts.inFlightKept > 0 && counts.inFlightLost > Int(CrashTests.runs) / 5, "\(counts)")
    }

    /// Every step of one transaction of each kind, with every kind of loss: nothing is left to chance but which sectors are kept.
    @Test(arguments: 0..<6)
    func everyStepOfATransactionMayBeTheLast(kind: Int) throws {
        let losses: [PowerLoss?] = [nil, .nothing, .all, .prefix, .scattered(keeps: 500_000), .scattered(keeps: 900_000)]
        var step = 1
        var isOver = false
        while !isOver {
            for (number, loss) in losses.enumerated() {
                var rig = CrashRig(seed: UInt64(kind * 1_000 + step * 10 + number))
                try rig.open()
                for batch in CrashTests.groundwork { _ = try rig.write(batch) }
                rig.disk.faults.stepsUntilPowerLoss = step
                isOver = try rig.write([CrashTests.lastWrites[kind]])
                rig.end(loss)
                try rig.reopenAndGoOn("step \(step), \(loss.map { "\($0)" } ?? "a kill")")
            }
            step += 1
        }
        #expect(step > 10, "a transaction of so few steps is none")
    }

    /// A process is killed as its transaction ends, so that what it wrote last is not on the disk, though the next one reads it; and then
    /// power is lost while that one opens the store.
    @Test(arguments: 0..<6)
    func powerMayGoWhileTheStoreOfAKilledProcessIsOpened(kind: Int) throws {
        let losses: [PowerLoss] = [.nothing, .prefix, .scattered(keeps: 500_000), .scattered(keeps: 900_000)]
        let steps = try CrashTests.stepsOfLastWrite(kind)
        for kill in steps - 2...steps {
            var step = 1
            var hasOpened = false
            while !hasOpened {
                for (number, loss) in losses.enumerated() {
                    var rig = CrashRig(seed: UInt64(kind * 100_000 + kill * 1_000 + step * 10 + number))
                    try rig.open()
                    for batch in CrashTests.groundwork { _ = try rig.write(batch) }
                    rig.disk.faults.stepsUntilPowerLoss = kill
                    _ = try rig.write([CrashTests.lastWrites[kind]])
                    rig.end(nil)
                    rig.disk.faults.stepsUntilPowerLoss = step
                    hasOpened = try rig.opensOrDies()
                    rig.end(loss)
                    try rig.reopenAndGoOn("killed at step \(kill), power lost at step \(step) of the opening, \(loss)")
                }
                step += 1
            }
            #expect(step > 10, "an opening of so few steps is none")
        }
    }

    private static func stepsOfLastWrite(_ kind: Int) throws -> Int {
        var rig = CrashRig(seed: 1)
        try rig.open()
        for batch in groundwork { _ = try rig.write(batch) }
        let before = rig.disk.counts.steps
        _ = try rig.write([lastWrites[kind]])
        return rig.disk.counts.steps - before
    }

    // MARK: What happens

    private func each(seeds: ClosedRange<UInt64>, _ body: (inout CrashRig) throws -> Void) throws -> CrashRig.Counts {
        var sum = CrashRig.Counts()
        for seed in seeds {
            var rig = CrashRig(seed: seed)
            do { try body(&rig) } catch { Issue.record("seed \(seed): \(error)") }
            sum += rig.counts
        }
        return sum
    }

    /// Opens, writes, and loses power somewhere: in the opening, in a write, or between two.
    private static func writeUntilTheEnd(_ rig: inout CrashRig) throws {
        let isEarly = rig.source.chance(3) == 0
        rig.disk.faults.stepsUntilPowerLoss = Int(1 + rig.source.chance(isEarly ? 20 : 150))
        do {
            if !rig.isOpen { try rig.open() }
            while try rig.write() {}
        } catch let error as LogStorageError {
            guard rig.disk.faults.isDead else { throw error }
            rig.counts.endsWhileOpening += 1
        }
        rig.end(rig.source.chance(5) == 0 ? nil : PowerLoss(&rig.source.random))
        if rig.source.chance(2) == 0 { try rig.open() }
    }

    /// Opens and writes until something fails; then the process ends, by itself or not, and sometimes the power with it.
    private static func writeUntilAFailure(_ rig: inout CrashRig) throws {
        if !rig.isOpen { try rig.open() }
        var faults = DiskFaults()
        switch rig.source.chance(4) {
        case 0, 1: faults.syncsUntilFailure = Int(1 + rig.source.chance(12))
        case 2: faults.freeBytes = 20_000 + Int(rig.source.chance(60_000))
        default: faults.readsUntilFailure = Int(1 + rig.source.chance(6))
        }
        rig.disk.faults = faults
        // Reads come from SQLite's memory when they can: a failing one may never be asked for.
        for _ in 0..<12 { if try !rig.write() { break } }
        if rig.source.chance(2) == 0 { rig.stop() }
        rig.end(rig.source.chance(2) == 0 ? nil : PowerLoss(&rig.source.random))
        try rig.open()
        if rig.source.chance(2) == 0 {
            rig.end(PowerLoss(&rig.source.random))
            try rig.open()
        }
    }

    private static let groundwork: [[StorageWrite]] = [
        [storageWrite(1...12, term: 1)], [storageWrite(9...20, term: 2)],
        [snapshotWrite(snapshot(at: 10, term: 2, count: 5_000), .keep(after: LogIndex(8)))],
    ]

    private static let lastWrites: [StorageWrite] = [
        storageWrite(21...24, term: 2), storageWrite(13...15, term: 3),
        StorageWrite(number: WriteNumber(9), hardState: HardState(term: Term(7), votedFor: NodeID(2))),
        snapshotWrite(snapshot(at: 18, term: 2, count: 9_000), .keep(after: LogIndex(17))),
        snapshotWrite(snapshot(at: 50, term: 3, count: 3_000), .replace, hardState: HardState(term: Term(3))),
        storageWrite(21...80, term: 4),
    ]
}

extension CrashRig {
    /// The store opens with what it must hold, and takes more.
    mutating func reopenAndGoOn(_ comment: String) throws {
        do {
            try open()
            for _ in 0..<2 { guard try write() else { throw Wrong(description: "a write failed on a sound disk") } }
            stop()
            try open()
            stop()
        } catch {
            throw Wrong(description: "\(comment): \(error)")
        }
    }
}
