import Testing

@testable import RaftCore

@Suite struct SnapshotTransferTests {
    private let limits = raftConfiguration {
        $0.snapshotChunkBytes = 10
        $0.snapshotChunksInFlight = 4
    }.limits

    private var transfer: SnapshotTransfer {
        SnapshotTransfer(
            Snapshot(
                position: LogPosition(index: index(9), term: term(1)), membership: membership(voters: 3), membershipIndex: index(1),
                bytes: Array(repeating: 7, count: 100)))
    }

    private func offsets(_ transfer: inout SnapshotTransfer) -> [Int] {
        var offsets: [Int] = []
        while let chunk = transfer.takeChunk(limits: limits, now: .start) { offsets.append(chunk.offset) }
        return offsets
    }

    private func received(_ bytes: Int, by transfer: inout SnapshotTransfer) -> Bool { transfer.received(bytes) }

    @Test func theFirstChunkGoesAloneAndItsAnswerSaysWhereToGoOn() {
        var transfer = transfer
        #expect(offsets(&transfer) == [0])
        #expect(!received(30, by: &transfer))
        #expect(offsets(&transfer) == [30, 40, 50, 60])
    }

    @Test func anAnswerThatWasOvertakenChangesNothing() {
        var transfer = transfer
        _ = offsets(&transfer)
        #expect(!received(30, by: &transfer))
        _ = offsets(&transfer)
        #expect(!received(50, by: &transfer))
        #expect(offsets(&transfer) == [70, 80])
        #expect(!received(40, by: &transfer))
        #expect(transfer.acknowledged == 50)
        #expect(offsets(&transfer) == [])
    }

    @Test func aFollowerThatHasNothingAnyMoreIsSentAllAnew() {
        var transfer = transfer
        _ = offsets(&transfer)
        #expect(!received(30, by: &transfer))
        _ = offsets(&transfer)
        #expect(received(0, by: &transfer))
        #expect(offsets(&transfer) == [0, 10, 20, 30])
    }
}
