import RaftCore
import Testing
import WireFormat

@Suite struct RowCheckTests {
    let state: StateRow
    let rows: [LogRow]
    let entries: [LogEntry]

    init() {
        let contents: [LogEntry.Content] = [.membership(Examples.membership), .noop, .command([1, 2, 3]), .command([]), .command([4])]
        entries = contents.enumerated().map { position, content in
            LogEntry(index: LogIndex(UInt64(position) + 1), term: Term(UInt64(position) / 2 + 1), content: content)
        }
        var state = StateRow(clusterName: "test", memberName: "a", incarnation: NodeID(9))
        var rows: [LogRow] = []
        for entry in entries {
            rows.append(LogRow(entry, after: state.end.chain))
            state.end = LogEnd(after: rows[rows.count - 1])
        }
        state.hardState = HardState(term: Term(3), votedFor: NodeID(2))
        state.clusterID = Examples.membership.clusterID
        self.state = state
        self.rows = rows
    }

    @Test func rowsAsTheyWereWrittenGiveTheirEntries() throws {
        #expect(try recovered(state, rows) == entries)
        #expect(try recovered(StateRow(clusterName: "test", memberName: "a", incarnation: NodeID(9)), []) == [])
    }

    @Test func everyMissingRowIsNamed() {
        for missing in rows.indices {
            var fewer = rows
            fewer.remove(at: missing)
            let index = rows[missing].index
            let found: WireFormatError.StoreRow? = missing == rows.count - 1 ? nil : .log(index + 1)
            #expect(throws: WireFormatError.wrongRows(expected: .log(index), found: found)) { try recovered(state, fewer) }
        }
        #expect(throws: WireFormatError.wrongRows(expected: .log(1), found: nil)) { try recovered(state, []) }
    }

    @Test func aRowTooManyOrTwiceOrSwappedIsRefused() {
        let more = LogRow(LogEntry(index: LogIndex(6), term: Term(3), content: .noop), after: state.end.chain)
        #expect(throws: WireFormatError.wrongRows(expected: .log(6), found: .log(6))) { try recovered(state, rows + [more]) }
        #expect(throws: WireFormatError.wrongRows(expected: .log(2), found: .log(1))) { try recovered(state, [rows[0]] + rows) }
        #expect(throws: WireFormatError.wrongRows(expected: .log(1), found: .log(2))) {
            try recovered(state, [rows[1], rows[0]] + rows[2...])
        }
    }

    @Test func everyFlippedBitOfARowIsNamed() throws {
        for position in rows.indices {
            for bit in 0..<64 as Range<UInt64> {
                try expectChecksum(position) { $0.term ^= 1 << bit }
                try expectChecksum(position) { $0.kind ^= 1 << bit }
                try expectChecksum(position) { $0.chain = RowChain($0.chain.rawValue ^ 1 << bit) }
            }
            for bit in 0..<(rows[position].content.count * 8) {
                try expectChecksum(position) { $0.content[bit / 8] ^= 1 << UInt8(bit % 8) }
            }
            try expectChecksum(position) { $0.content.append(0) }
        }
    }

    @Test func anEarlierGoodRowInTheLastOnesPlaceIsRefused() {
        // The same entry written in another log: right in itself, but it does not continue this chain.
        let stranger = LogRow(entries[4], after: LogEnd.origin(of: NodeID(10)).chain)
        #expect(throws: WireFormatError.checksum(row: .log(5))) { try recovered(state, rows[..<4] + [stranger]) }
        var shorter = state
        shorter.end = LogEnd(index: LogIndex(4), term: Term(2), chain: state.end.chain)
        #expect(throws: WireFormatError.checksum(row: .state)) { try recovered(shorter, Array(rows[..<4])) }
    }

    @Test func termsAboveTheStoredTermAndAnotherClusterAreRefused() {
        var behind = state
        behind.hardState.term = Term(2)
        #expect(throws: WireFormatError.wrongTerm(row: .log(5), term: 3)) { try recovered(behind, rows) }
        var other = state
        other.clusterID = nil
        #expect(throws: WireFormatError.wrongCluster(row: .state)) { try recovered(other, rows) }
    }

    @Test func everyFieldOfTheStateRowCountsIntoItsChecksum() throws {
        try state.check(checksum: state.checksum)
        let changes: [(inout StateRow) -> Void] = [
            { $0.clusterName = "tesu" }, { $0.memberName = "" }, { $0.incarnation = NodeID(8) }, { $0.clusterID = nil },
            { $0.clusterID = ClusterID(high: 0, low: 0) }, { $0.hardState.term = Term(4) }, { $0.hardState.votedFor = nil },
            { $0.hardState.votedFor = NodeID(0) }, { $0.start.index = LogIndex(1) }, { $0.start.term = Term(1) },
            { $0.start.chain = RowChain(0) }, { $0.end.index = LogIndex(4) }, { $0.end.term = Term(2) },
            { $0.end.chain = RowChain(0) }, { $0.openings = 1 }, { $0.format = 1 },
        ]
        for change in changes {
            var changed = state
            change(&changed)
            #expect(throws: WireFormatError.checksum(row: .state)) { try changed.check(checksum: state.checksum) }
        }
    }

    @Test func aLaterFormatIsNamed() {
        var later = state
        later.format = 3
        #expect(throws: WireFormatError.newerFormat(found: 3, supported: 2)) { try later.check(checksum: later.checksum) }
    }

    @Test func theChecksumsAreTheSameInEveryVersion() {
        // Stores outlive the program that wrote them.
        var former = state
        former.format = StateRow.formatWithoutSnapshots
        #expect(former.checksum == 3_068_689_583_814_721_310)
        #expect(state.checksum == 8_849_849_871_111_185_179)
        let chain: [UInt64] = [
            7_266_678_727_030_672_969, 8_018_756_681_331_900_937, 1_741_154_507_820_204_778, 5_579_719_753_787_957_745,
            16_012_366_516_838_731_506,
        ]
        #expect(rows.map(\.chain.rawValue) == chain)
    }

    private func recovered(_ state: StateRow, _ rows: [LogRow]) throws(WireFormatError) -> [LogEntry] {
        var check = RowCheck(state)
        for row in rows { try check.add(row) }
        return try check.finish().entries
    }

    private func expectChecksum(_ position: Int, _ change: (inout LogRow) -> Void) throws {
        var changed = rows
        change(&changed[position])
        let index = rows[position].index
        #expect(throws: WireFormatError.checksum(row: .log(index))) { try recovered(state, changed) }
    }
}
