/// The ordered labels of a series, rendered once.
///
/// Both formats escape label values alike, so the rendered form, `member="a",state="up"`, is kept instead of the pairs: a member's
/// labels are made once and shared by all of its series. Copies are cheap (a reference). Names are not checked here but by
/// `MetricFamily.validate()`, which tests call; a program's label names are constants.
public struct Labels: Sendable, Equatable {
    /// The text between the braces, escaped.
    var rendered: [UInt8]

    /// No labels.
    public static let none = Labels(rendered: [])

    init(rendered: [UInt8]) { self.rendered = rendered }

    /// Labels in the given order. Values may hold anything; they are escaped.
    public init(_ pairs: (name: String, value: String)...) {
        rendered = []
        for pair in pairs { append(pair.name, pair.value) }
    }

    /// Labels in the given order. Values may hold anything; they are escaped.
    public init(_ pairs: [(name: String, value: String)]) {
        rendered = []
        for pair in pairs { append(pair.name, pair.value) }
    }

    /// Whether there are no labels.
    public var isEmpty: Bool { rendered.isEmpty }

    /// These labels and one more at the end.
    public func adding(_ name: String, _ value: String) -> Labels {
        var longer = self
        longer.append(name, value)
        return longer
    }

    /// These labels and others behind them, rendered already: the fast way for a label whose few values are constants.
    public func adding(_ others: Labels) -> Labels {
        if others.isEmpty { return self }
        if isEmpty { return others }
        var joined: [UInt8] = []
        joined.reserveCapacity(rendered.count + 1 + others.rendered.count)
        joined.append(contentsOf: rendered)
        joined.append(0x2C)
        joined.append(contentsOf: others.rendered)
        return Labels(rendered: joined)
    }

    /// The names and values, in order, unescaped. Linear in the length; for checks and tests.
    public var pairs: [(name: String, value: String)] {
        var scanner = LabelScanner(rendered)
        var found: [(name: String, value: String)] = []
        while let pair = scanner.next() { found.append(pair) }
        return found
    }

    private mutating func append(_ name: String, _ value: String) {
        if !rendered.isEmpty { rendered.append(0x2C) }
        rendered.append(contentsOf: name.utf8)
        rendered.append(0x3D)
        rendered.append(0x22)
        rendered.appendEscaped(value, quotes: true)
        rendered.append(0x22)
    }
}

/// Reads rendered labels back. What it reads was written by `Labels`; on anything else it stops early and never traps.
private struct LabelScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> (name: String, value: String)? {
        guard position < bytes.count, let equals = bytes[position...].firstIndex(of: 0x3D) else { return nil }
        let name = String(decoding: bytes[position..<equals], as: UTF8.self)
        var value: [UInt8] = []
        var index = equals + 2
        while index < bytes.count, bytes[index] != 0x22 {
            if bytes[index] == 0x5C, index + 1 < bytes.count {
                index += 1
                value.append(bytes[index] == 0x6E ? 0x0A : bytes[index])
            } else {
                value.append(bytes[index])
            }
            index += 1
        }
        position = index + 2
        return (name, String(decoding: value, as: UTF8.self))
    }
}

extension [UInt8] {
    /// Appends text with backslash and line feed escaped, and the double quote too where `quotes` says so.
    mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case 0x5C: append(0x5C); append(0x5C)
            case 0x0A: append(0x5C); append(0x6E)
            case 0x22 where quotes: append(0x5C); append(0x22)
            default: append(byte)
            }
        }
    }
}
