/// Why bytes from another member or from the store were refused: what was found, and where.
///
/// A field is named as in `Protocol/wire.proto`, by its path, such as `append.entries.term`.
public enum WireFormatError: Error, Equatable, Sendable {
    /// More bytes or items than allowed.
    case tooLarge(field: String, count: Int, limit: Int)
    /// Not the protobuf encoding of what was expected.
    case malformed(what: String)
    /// A field that must be there is not, or is empty.
    case missing(field: String)
    /// A number outside of its range, or an enumeration's number that this version does not know.
    case outOfRange(field: String, value: UInt64)
    /// A list that must ascend, without an item twice, does not from this position on.
    case notAscending(field: String, position: Int)
    /// A list whose indices must follow each other does not.
    case notContiguous(field: String, expected: UInt64, found: UInt64)
    /// A list that must pair with another has another length.
    case unpaired(field: String, count: Int, expected: Int)
    /// A frame, message or command of a kind that a later version may have added; safe to skip where frames are independent.
    case unknownKind(what: String)
    /// A row of the store whose checksum does not match its content and the rows before it.
    case checksum(row: StoreRow)
    /// A row of the store is missing, or is there and should not be: the state row names exactly which there must be.
    case wrongRows(expected: StoreRow, found: StoreRow?)
    /// A row's terms must not fall along the log, nor be above the stored term.
    case wrongTerm(row: StoreRow, term: UInt64)
    /// The state row does not fit the log: what it says of the cluster is not what the log's membership says.
    case wrongCluster(row: StoreRow)
    /// Made by a later version of the program.
    case newerFormat(found: UInt32, supported: UInt32)

    /// One row of the store.
    public enum StoreRow: Equatable, Sendable {
        /// The one row of hard state and identity.
        case state
        /// The log's row of this index.
        case log(UInt64)
        /// The stored snapshot's row of this part.
        case snapshot(part: UInt64)
    }
}

extension WireFormatError: CustomStringConvertible {
    /// One line for a log or an operator.
    public var description: String {
        switch self {
        case .tooLarge(let field, let count, let limit): return "\(field): \(count) where at most \(limit) are allowed"
        case .malformed(let what): return "\(what): not in the expected encoding"
        case .missing(let field): return "\(field): missing"
        case .outOfRange(let field, let value): return "\(field): \(value) is out of range"
        case .notAscending(let field, let position): return "\(field): not in ascending order at position \(position)"
        case .notContiguous(let field, let expected, let found): return "\(field): index \(found) where \(expected) must follow"
        case .unpaired(let field, let count, let expected): return "\(field): \(count) items for \(expected)"
        case .unknownKind(let what): return "\(what): of a kind this version does not know"
        case .checksum(let row): return "\(row): its checksum does not match"
        case .wrongRows(let expected, nil): return "\(expected): missing"
        case .wrongRows(let expected, let found?): return "\(found): found where \(expected) must follow"
        case .wrongTerm(let row, let term): return "\(row): impossible term \(term)"
        case .wrongCluster(let row): return "\(row): its cluster is not the one of the log's membership"
        case .newerFormat(let found, let supported): return "format \(found), where this version reads up to \(supported)"
        }
    }
}

extension WireFormatError.StoreRow: CustomStringConvertible {
    public var description: String {
        switch self {
        case .state: return "state row"
        case .log(let index): return "log row \(index)"
        case .snapshot(let part): return "snapshot row \(part)"
        }
    }
}
