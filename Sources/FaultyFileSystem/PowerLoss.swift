public import RaftCore

/// How much of what was never synced a disk has written when its power goes.
public enum PowerLoss: Equatable, Sendable {
    case nothing, all
    /// What came first, up to some point, and a part of a sector there.
    case prefix
    /// Each write by itself, as a whole: so many in a million, in any order.
    case reordered(keeps: UInt64)
    /// Each sector by itself: so many in a million, in any order, some of them in part.
    case scattered(keeps: UInt64)

    /// Any of them.
    public init(_ random: inout RandomSource) {
        switch random.number(below: 8) {
        case 0: self = .nothing
        case 1: self = .all
        case 2: self = .prefix
        case 3: self = .scattered(keeps: 950_000)
        case 4: self = .scattered(keeps: 50_000)
        case 5: self = .reordered(keeps: 200_000)
        case 6: self = .reordered(keeps: 800_000)
        default: self = .scattered(keeps: 500_000)
        }
    }
}

/// Decides, change by change and sector by sector, what gets onto the disk.
///
/// A sector is written from one end to the other, so that power may leave a first or a last part of it new. Bytes beside a write stay as
/// they were. That is what SQLite asks of a disk by `SQLITE_IOCAP_POWERSAFE_OVERWRITE`, and no more.
struct Settler {
    let loss: PowerLoss
    var random: RandomSource
    /// Of a prefix: how many changes are whole.
    private var wholeChanges: Int

    static let sectorBytes = 512

    init(loss: PowerLoss, count: Int, random: RandomSource) {
        self.loss = loss
        self.random = random
        wholeChanges = loss == .prefix ? Int(self.random.number(below: UInt64(count + 1))) : 0
    }

    mutating func apply(_ kind: DiskModel.Change.Kind, to content: inout [UInt8]) {
        switch loss {
        case .nothing: break
        case .all: DiskModel.apply(kind, to: &content)
        case .prefix:
            wholeChanges -= 1
            if wholeChanges >= 0 { DiskModel.apply(kind, to: &content) }
            if wholeChanges == -1 { scatter(kind, keeps: 500_000, to: &content) }
        case .reordered(let keeps): if isKept(keeps) { DiskModel.apply(kind, to: &content) }
        case .scattered(let keeps): scatter(kind, keeps: keeps, to: &content)
        }
    }

    private mutating func scatter(_ kind: DiskModel.Change.Kind, keeps: UInt64, to content: inout [UInt8]) {
        guard case .write(var offset, let bytes) = kind else {
            if isKept(keeps) { DiskModel.apply(kind, to: &content) }
            return
        }
        let start = offset
        while offset < start + bytes.count {
            let end = min(start + bytes.count, (offset / Settler.sectorBytes + 1) * Settler.sectorBytes)
            if isKept(keeps) {
                let part = torn(offset..<end)
                let kept = Array(bytes[(part.lowerBound - start)..<(part.upperBound - start)])
                DiskModel.apply(.write(offset: part.lowerBound, bytes: kept), to: &content)
            }
            offset = end
        }
    }

    private mutating func isKept(_ keeps: UInt64) -> Bool { random.number(below: 1_000_000) < keeps }

    /// The part of a sector that is written: mostly all of it.
    private mutating func torn(_ sector: Range<Int>) -> Range<Int> {
        guard random.number(below: 8) == 0 else { return sector }
        let cut = sector.lowerBound + Int(random.number(below: UInt64(sector.count + 1)))
        return random.number(below: 2) == 0 ? sector.lowerBound..<cut : cut..<sector.upperBound
    }
}
