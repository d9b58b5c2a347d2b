import RaftCore
import Testing

@testable import FaultyFileSystem

@Suite struct DiskModelTests {
    @Test func whatWasSyncedSurvivesAnyLossOfPower() throws {
        for seed in UInt64(1)...200 {
            var random = RandomSource(seed: seed)
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a", creates: true, syncsFolder: true)
            try disk.write(file, [UInt8](repeating: 1, count: 3_000), at: 0)
            try disk.synchronize(file)
            try disk.write(file, [UInt8](repeating: 2, count: 1_000), at: 2_000)
            disk.losePower(PowerLoss(&random))
            #expect(disk.files[try #require(disk.names["a"])].cached.prefix(2_000).allSatisfy { $0 == 1 })
            #expect(disk.files[file].cached.count >= 3_000)
        }
    }

    @Test func whatWasNotSyncedSurvivesInEverySelectionOfSectors() throws {
        var found: Set<[UInt8]> = []
        for seed in UInt64(1)...300 {
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a", creates: true, syncsFolder: true)
            try disk.write(file, [0, 0, 0, 0].flatMap { [UInt8](repeating: $0, count: 512) }, at: 0)
            try disk.synchronize(file)
            try disk.write(file, [1, 2, 3, 4].flatMap { [UInt8](repeating: $0, count: 512) }, at: 0)
            disk.losePower(.scattered(keeps: 500_000))
            found.insert(stride(from: 256, to: 2_048, by: 512).map { disk.files[file].cached[$0] })
        }
        #expect(found.count == 16)
    }

    @Test func aSectorIsTornOnlyBetweenAnOldAndANewPart() throws {
        var torn = 0
        for seed in UInt64(1)...200 {
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a", creates: true, syncsFolder: true)
            try disk.write(file, [UInt8](repeating: 0, count: 512), at: 0)
            try disk.synchronize(file)
            try disk.write(file, [UInt8](repeating: 1, count: 512), at: 0)
            disk.losePower(.scattered(keeps: 1_000_000))
            let bytes = disk.files[file].cached
            let changes = zip(bytes, bytes.dropFirst()).count { $0 != $1 }
            #expect(changes <= 1)
            torn += changes
        }
        #expect(torn > 10)
    }

    @Test func aPrefixKeepsTheOrderOfFiles() throws {
        var sizes: Set<[Int]> = []
        for seed in UInt64(1)...100 {
            var disk = DiskModel(seed: seed)
            let first = try disk.open("a", creates: true, syncsFolder: true)
            let second = try disk.open("b", creates: true, syncsFolder: true)
            try disk.write(first, [1], at: 0)
            try disk.write(second, [1], at: 0)
            disk.losePower(.prefix)
            let found = [first, second].map { disk.files[$0].cached.count }
            #expect(found[0] >= found[1])
            sizes.insert(found)
        }
        #expect(sizes.count == 3)
    }

    @Test func aNameIsKeptOnlyOnceItsFolderIsSynced() throws {
        var kept = 0
        for seed in UInt64(1)...100 {
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a.new", creates: true, syncsFolder: false)
            try disk.write(file, [1], at: 0)
            try disk.synchronize(file)
            try disk.synchronizeFolder()
            try disk.rename("a.new", to: "a")
            if seed % 2 == 0 { try disk.synchronizeFolder() }
            disk.losePower(.prefix)
            #expect((try disk.exists("a")) != (try disk.exists("a.new")))
            if seed % 2 == 0 { #expect(try disk.exists("a")) } else if try disk.exists("a") { kept += 1 }
        }
        #expect((10...40).contains(kept))
    }

    @Test func aFailedSyncForgetsAndTheNextOneSaysNothing() throws {
        var lost = 0
        for seed in UInt64(1)...100 {
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a", creates: true, syncsFolder: true)
            try disk.synchronize(file)
            try disk.write(file, [1], at: 0)
            disk.faults.syncsUntilFailure = 1
            #expect(throws: DiskFailure.sync) { try disk.synchronize(file) }
            #expect(try disk.read(file, count: 1, at: 0) == [1])
            try disk.synchronize(file)
            disk.losePower(.all)
            lost += disk.files[file].cached.isEmpty ? 1 : 0
        }
        #expect((20...80).contains(lost))
    }

    @Test func nothingHappensAfterPowerIsGone() throws {
        var disk = DiskModel(seed: 1)
        let file = try disk.open("a", creates: true, syncsFolder: true)
        try disk.synchronize(file)
        disk.faults.stepsUntilPowerLoss = 2
        try disk.write(file, [1], at: 0)
        #expect(throws: DiskFailure.write) { try disk.write(file, [2], at: 1) }
        #expect(throws: DiskFailure.write) { try disk.write(file, [3], at: 2) }
        #expect(throws: DiskFailure.sync) { try disk.synchronize(file) }
        #expect(throws: DiskFailure.read) { try disk.read(file, count: 1, at: 0) }
        disk.losePower(.all)
        #expect(try disk.read(file, count: 9, at: 0) == [1, 2])
    }

    @Test func powerMayGoAtASync() throws {
        var disk = DiskModel(seed: 1)
        let file = try disk.open("a", creates: true, syncsFolder: true)
        disk.faults.syncsUntilPowerLoss = 4
        // The first one of a new file syncs its folder as well.
        try disk.synchronize(file)
        try disk.write(file, [1], at: 0)
        try disk.synchronize(file)
        try disk.write(file, [2], at: 1)
        #expect(throws: DiskFailure.sync) { try disk.synchronize(file) }
        #expect(throws: DiskFailure.write) { try disk.write(file, [3], at: 2) }
        disk.losePower(.nothing)
        #expect(try disk.read(file, count: 9, at: 0) == [1])
    }

    @Test func writesReachTheDiskInAnyOrderEachAsAWhole() throws {
        var found: Set<[UInt8]> = []
        for seed in UInt64(1)...100 {
            var disk = DiskModel(seed: seed)
            let file = try disk.open("a", creates: true, syncsFolder: true)
            try disk.write(file, [UInt8](repeating: 0, count: 3_072), at: 0)
            try disk.synchronize(file)
            for number in 0..<3 { try disk.write(file, [UInt8](repeating: UInt8(number + 1), count: 1_024), at: number * 1_024) }
            disk.losePower(.reordered(keeps: 500_000))
            let bytes = disk.files[file].cached
            for start in stride(from: 0, to: 3_072, by: 1_024) { #expect(Set(bytes[start..<start + 1_024]).count == 1) }
            found.insert(stride(from: 0, to: 3_072, by: 1_024).map { bytes[$0] })
        }
        #expect(found.count == 8)
    }

    @Test func aFullDiskTakesWhatNeedsNoRoom() throws {
        var disk = DiskModel(seed: 1)
        let file = try disk.open("a", creates: true, syncsFolder: true)
        try disk.write(file, [1, 1], at: 0)
        disk.faults.freeBytes = 3
        #expect(throws: DiskFailure.full) { try disk.write(file, [2, 2, 2], at: 1) }
        try disk.write(file, [2, 2], at: 1)
        #expect(try disk.read(file, count: 9, at: 0) == [1, 2, 2])
    }
}
