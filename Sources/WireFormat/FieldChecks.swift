import RaftCore
import SwiftProtobuf

/// The bytes of a message. It cannot fail for the messages of this module: none has required fields, and none comes near 2 GiB.
func serialized(_ message: some SwiftProtobuf.Message) -> [UInt8] {
    do {
        return try message.serializedBytes()
    } catch {
        fatalError("invariant broken: a message is not encodable: \(error)")
    }
}

func parsed<Wire: SwiftProtobuf.Message>(_ bytes: [UInt8], as what: String, limit: Int) throws(WireFormatError) -> Wire {
    guard bytes.count <= limit else { throw .tooLarge(field: what, count: bytes.count, limit: limit) }
    do {
        return try Wire(serializedBytes: bytes)
    } catch {
        throw .malformed(what: what)
    }
}

/// The fields of a later version, as they were encoded.
func extra(of message: some SwiftProtobuf.Message) -> [UInt8] { [UInt8](message.unknownFields.data) }

/// The same, where there is a limit.
func checkedExtra(_ message: some SwiftProtobuf.Message, _ field: String) throws(WireFormatError) -> [UInt8] {
    let bytes = extra(of: message)
    try checkedCount(bytes.count, field + " unknown fields", limit: WireLimits.extraBytes)
    return bytes
}

/// An otherwise empty message with the fields that `extra` gave, to be encoded behind those of this version. They decode: they did.
func holding<Wire: SwiftProtobuf.Message>(_ extra: [UInt8]) -> Wire {
    guard !extra.isEmpty else { return Wire() }
    do {
        return try Wire(serializedBytes: extra)
    } catch {
        fatalError("invariant broken: fields of a later version no longer decode: \(error)")
    }
}

/// A text that may be empty.
func checkedText(_ text: String, _ field: String, limit: Int) throws(WireFormatError) -> String {
    let count = text.utf8.count
    guard count <= limit else { throw .tooLarge(field: field, count: count, limit: limit) }
    return text
}

/// A text that may not be empty.
func checkedName(_ text: String, _ field: String, limit: Int = WireLimits.nameBytes) throws(WireFormatError) -> String {
    guard !text.isEmpty else { throw .missing(field: field) }
    return try checkedText(text, field, limit: limit)
}

func checkedCount(_ count: Int, _ field: String, limit: Int) throws(WireFormatError) {
    guard count <= limit else { throw .tooLarge(field: field, count: count, limit: limit) }
}

func checkedTerm(_ raw: UInt64, _ field: String) throws(WireFormatError) -> Term {
    guard raw <= WireLimits.counter else { throw .outOfRange(field: field, value: raw) }
    return Term(raw)
}

func checkedIndex(_ raw: UInt64, _ field: String) throws(WireFormatError) -> LogIndex {
    guard raw <= WireLimits.counter else { throw .outOfRange(field: field, value: raw) }
    return LogIndex(raw)
}

/// An enumeration's value, whose Swift number is its number on the wire.
func checkedCase<Value: RawRepresentable<UInt8>>(_ wire: some SwiftProtobuf.Enum, _ field: String) throws(WireFormatError) -> Value {
    guard let raw = UInt8(exactly: wire.rawValue), let value = Value(rawValue: raw) else {
        throw .outOfRange(field: field, value: UInt64(clamping: wire.rawValue))
    }
    return value
}

/// An enumeration's value whose number on the wire is 0 when there is none.
func checkedOptionalCase<Value: RawRepresentable<UInt8>>(
    _ wire: some SwiftProtobuf.Enum, _ field: String
) throws(WireFormatError) -> Value? {
    wire.rawValue == 0 ? nil : try checkedCase(wire, field)
}

/// The wire's case of the same number; the two enumerations are kept level, and a test walks over every case.
func wireCase<Wire: SwiftProtobuf.Enum>(_ value: some RawRepresentable<UInt8>) -> Wire {
    guard let wire = Wire(rawValue: Int(value.rawValue)) else {
        fatalError("invariant broken: \(Wire.self) has no case \(value.rawValue)")
    }
    return wire
}

/// Pairs a member with each item, demanding that members ascend without one twice.
struct AscendingMembers<Value> {
    private(set) var map = NodeMap<Value>()
    private var last: NodeID?
    let field: String

    init(_ field: String, count: Int) throws(WireFormatError) {
        try checkedCount(count, field, limit: WireLimits.members)
        self.field = field
    }

    mutating func append(_ id: NodeID, _ value: Value) throws(WireFormatError) {
        if let last, last >= id { throw .notAscending(field: field, position: map.count) }
        last = id
        map[id] = value
    }
}
