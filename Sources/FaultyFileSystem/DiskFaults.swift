/// What goes wrong on a disk, and when.
public struct DiskFaults: Equatable, Sendable {
    /// Power goes at the step of this number, counted from 1: a write, a sync, a change of a name. Nothing after it has any effect.
    public var stepsUntilPowerLoss: Int?
    /// Power goes at the sync of this number, counted from 1 and a folder's among them: what was written for it is still volatile then.
    public var syncsUntilPowerLoss: Int?
    /// The sync of this number fails, counted from 1.
    public var syncsUntilFailure: Int?
    /// The read of this number fails, counted from 1.
    public var readsUntilFailure: Int?
    /// Room for all files together.
    public var freeBytes = Int.max
    /// Power is gone.
    public private(set) var isDead = false

    public init() {}

    /// Whether power goes now.
    mutating func takeStep(isSync: Bool) -> Bool {
        let isLastStep = DiskFaults.reaches(&stepsUntilPowerLoss)
        isDead = isSync && DiskFaults.reaches(&syncsUntilPowerLoss) || isLastStep
        return isDead
    }

    mutating func takeFailingSync() -> Bool { DiskFaults.reaches(&syncsUntilFailure) }

    mutating func takeFailingRead() -> Bool { DiskFaults.reaches(&readsUntilFailure) }

    private static func reaches(_ count: inout Int?) -> Bool {
        guard let left = count else { return false }
        count = left > 1 ? left - 1 : nil
        return left <= 1
    }
}

/// What was done with a disk since it was made.
public struct DiskCounts: Equatable, Sendable {
    /// Everything at which power may go: writes, cuts, syncs and changes of names.
    public var steps = 0
    public var reads = 0
    public var writes = 0
    public var syncs = 0
}

/// What fails, in SQLite's distinctions.
enum DiskFailure: Error, Equatable {
    case open, read, write, truncate, sync, folderSync, size, remove, access
    /// There is no room.
    case full
    /// There is no such file.
    case missing
}
