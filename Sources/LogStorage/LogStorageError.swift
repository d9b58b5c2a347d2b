/// Why a store cannot be used, or could not be written. Each is one line that names the file.
public enum LogStorageError: Error, Equatable, Sendable {
    /// Another process, or another part of this one, has the store open.
    case locked(folder: String)
    /// The folder or the file cannot be created, opened or read.
    case cannotOpen(file: String, reason: String)
    /// A change cannot be made durable: no space, no permission, a failing disk.
    case cannotWrite(file: String, reason: String)
    /// The store does not hold what was acknowledged.
    case damaged(file: String, reason: String)
    /// The store of another cluster.
    case otherCluster(file: String, found: String, expected: String)
    /// The store of another member.
    case otherMember(file: String, found: String, expected: String)
    /// Made by a later version of the program.
    case newerFormat(file: String, found: UInt32, supported: UInt32)
    /// A write that does not continue or replace the stored log, or whose term falls: a mistake of the caller.
    case impossibleWrite(file: String, reason: String)
    /// The store was closed, or an earlier write failed: nothing more is written.
    case closed(file: String)
}

extension LogStorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .locked(let folder): return "\(folder): in use by another process"
        case .cannotOpen(let file, let reason): return "\(file): cannot be opened: \(reason)"
        case .cannotWrite(let file, let reason): return "\(file): cannot be written: \(reason)"
        case .damaged(let file, let reason): return "\(file): damaged, not used and not changed: \(reason)"
        case .otherCluster(let file, let found, let expected):
            return "\(file): belongs to the cluster \"\(found)\", not to \"\(expected)\""
        case .otherMember(let file, let found, let expected):
            return "\(file): belongs to the member \"\(found)\", not to \"\(expected)\""
        case .newerFormat(let file, let found, let supported):
            return "\(file): has format \(found), and this version reads up to \(supported): made by a later version"
        case .impossibleWrite(let file, let reason): return "\(file): impossible write: \(reason)"
        case .closed(let file): return "\(file): closed, or an earlier write failed"
        }
    }
}
