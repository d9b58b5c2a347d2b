import FaultyFileSystem
import LogStorage
import RaftCore
import Testing

/// Disks that rot: what was acknowledged is there, all of it and nothing else, or the store is refused.
@Suite struct RotTests {
    /// Bits flip and sectors vanish in stores of every kind, also in those that a loss of power left amid a transaction.
    @Test func aStoreOnARottenDiskIsRightOrRefused() throws {
        var sum = CrashRig.Counts()
        for seed in 2_000_001...2_000_000 + CrashTests.runs * 2 {
            var rig = CrashRig(seed: seed)
            do { try RotTests.rotAndOpen(&rig) } catch { Issue.record("seed \(seed): \(error)") }
            sum += rig.counts
        }
        #expect(sum.refused > Int(CrashTests.runs) / 5, "\(sum)")
        #expect(sum.openedInSpite > Int(CrashTests.runs) / 20, "\(sum)")
    }

    private static func rotAndOpen(_ rig: inout CrashRig) throws {
        try rig.open()
        for _ in 0..<6 { _ = try rig.write() }
        if rig.source.chance(2) == 0 {
            rig.disk.faults.stepsUntilPowerLoss = Int(1 + rig.source.chance(20))
            while try rig.write() {}
            rig.end(PowerLoss(&rig.source.random))
        } else {
            rig.stop()
        }
        for _ in 0...rig.source.chance(3) {
            let file = rig.disk.folder + "/" + (rig.source.chance(4) == 0 ? journalName : storeName)
            if rig.source.chance(3) == 0 { rig.disk.zeroSector(of: file) } else { rig.disk.flipBit(of: file) }
        }
        try rig.openOrRefuse()
    }

    /// A store with a snapshot of several parts and a log that begins behind what was compacted: one bit flips at random in each copy.
    @Test func anyBitOfACompactedStoreLosesNothingUnseen() throws {
        var original = CrashRig(seed: 1)
        try original.open()
        for batch in RotTests.compacting { #expect(try original.write(batch)) }
        original.stop()
        let file = original.disk.folder + "/" + storeName
        let content = try #require(original.disk.content(of: file))
        #expect(original.possible[0].held.snapshot != nil && original.possible[0].held.start.index > .zero)
        var sum = CrashRig.Counts()
        for seed in UInt64(1)...1_200 {
            var copy = CrashRig(seed: seed, holding: original.possible[0])
            let file = copy.disk.folder + "/" + storeName
            try copy.disk.restore(file, content)
            copy.disk.flipBit(of: file)
            do { try copy.openOrRefuse() } catch { Issue.record("copy \(seed): \(error)") }
            sum += copy.counts
        }
        #expect(sum.refused + sum.openedInSpite == 1_200)
        #expect(sum.refused > 600 && sum.rowsNamed > 200 && sum.openedInSpite > 50, "\(sum)")
    }

    private static let compacting: [[StorageWrite]] = [
        [storageWrite(1...40, term: 1)], [storageWrite(31...60, term: 2)],
        [snapshotWrite(snapshot(at: 50, term: 2, count: 3_000), .keep(after: LogIndex(45)))],
        [storageWrite(61...70, term: 3, vote: NodeID(5))],
        [snapshotWrite(snapshot(at: 62, term: 3, count: 24_000), .keep(after: LogIndex(58)))],
    ]
}

extension CrashRig {
    /// Opens with what was acknowledged and goes on, or is refused in one line that names the file.
    mutating func openOrRefuse() throws {
        do {
            try open()
        } catch let error as LogStorageError {
            let words = error.description
            guard words.hasPrefix(disk.folder), !words.contains("\n") else { throw Wrong(description: "names no file: \(words)") }
            counts.refused += 1
            if ["log row", "state row", "snapshot row"].contains(where: words.contains) { counts.rowsNamed += 1 }
            return end(nil)
        }
        counts.openedInSpite += 1
        for _ in 0..<2 { guard try write() else { throw Wrong(description: "opened, and cannot be written") } }
        stop()
        try open()
        stop()
    }
}
