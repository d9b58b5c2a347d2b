import RaftCore
import WireFormat

/// The rows of a modelled store, as production's transactions see and change them.
struct ModelledRows: RowTable {
    var log: [LogRow] = []
    var snapshot: [SnapshotRow] = []

    mutating func insert(_ row: LogRow) { log.append(row) }

    mutating func deleteLog(from index: LogIndex) { log.removeAll { $0.index >= index.rawValue } }

    mutating func deleteLog(through index: LogIndex) { log.removeAll { $0.index <= index.rawValue } }

    mutating func logEnd(at index: LogIndex) throws -> LogEnd {
        guard let first = log.first, index.rawValue >= first.index, index.rawValue - first.index < UInt64(log.count) else {
            throw Violation("store-write", "the row of entry \(index) is not there")
        }
        return LogEnd(after: log[Int(index.rawValue - first.index)])
    }

    mutating func deleteSnapshot() { snapshot = [] }

    mutating func insert(_ row: SnapshotRow) { snapshot.append(row) }

    // MARK: Damage

    mutating func flipInLog(_ random: inout RandomSource) {
        let position = Int(random.number(below: UInt64(log.count)))
        let bit = UInt64(1) << random.number(below: 64)
        switch random.number(below: 5) {
        case 0: log[position].index ^= bit
        case 1: log[position].term ^= bit
        case 2: log[position].kind ^= bit
        case 3: log[position].chain = RowChain(log[position].chain.rawValue ^ bit)
        default:
            if log[position].content.isEmpty { log[position].term ^= bit } else { flip(in: &log[position].content, &random) }
        }
    }

    mutating func flipInSnapshot(_ random: inout RandomSource) {
        let position = Int(random.number(below: UInt64(snapshot.count)))
        if snapshot[position].content.isEmpty || random.number(below: 4) == 0 {
            snapshot[position].chain = RowChain(snapshot[position].chain.rawValue ^ 1 << random.number(below: 64))
        } else {
            flip(in: &snapshot[position].content, &random)
        }
    }

    private func flip(in bytes: inout [UInt8], _ random: inout RandomSource) {
        let position = Int(random.number(below: UInt64(bytes.count)))
        bytes[position] ^= UInt8(1) << UInt8(random.number(below: 8))
    }
}
