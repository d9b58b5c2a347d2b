/// One line of a scrape.
public struct Sample: Sendable, Equatable {
    public let name: String
    public let labels: [String: String]
    public let value: Double
}

/// The text format 0.0.4 and OpenMetrics 1.0.0, as far as this exporter speaks them.
public struct Samples: Sendable {
    public let all: [Sample]

    /// - Parameter wanted: the names to keep; nil keeps all.
    /// - Throws: `HarnessError` with the line that is none.
    public init(parsing body: [UInt8], only wanted: Set<String>? = nil) throws {
        var all: [Sample] = []
        for line in body.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            var reader = LineReader(line)
            let name = reader.name()
            if let wanted, !wanted.contains(name) { continue }
            guard let sample = reader.rest(of: name) else {
                throw HarnessError("no sample: \(String(decoding: line, as: UTF8.self))")
            }
            all.append(sample)
        }
        self.all = all
    }

    /// The samples of that name whose labels contain the given ones.
    public func matching(_ name: String, _ labels: [String: String] = [:]) -> [Sample] {
        all.filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }
    }

    /// The value of the first such sample.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? { matching(name, labels).first?.value }

    /// Names with labels that occur more than once; `promtool check metrics` does not notice them.
    public var duplicates: [String] {
        var seen: Set<String> = []
        let keys = all.map { sample in
            sample.name + sample.labels.sorted { $0.key < $1.key }.map { "|\($0.key)=\($0.value)" }.joined()
        }
        return keys.filter { !seen.insert($0).inserted }
    }
}

/// Reads one line from its start.
private struct LineReader {
    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { rest = line }

    mutating func name() -> String {
        let name = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
        rest = rest.dropFirst(name.count)
        return String(decoding: name, as: UTF8.self)
    }

    /// Labels and value; a time stamp behind them is let be.
    mutating func rest(of name: String) -> Sample? {
        guard !name.isEmpty, let labels = labels() else { return nil }
        let words = String(decoding: rest, as: UTF8.self).split(separator: " ")
        guard let first = words.first, let value = number(first) else { return nil }
        return Sample(name: name, labels: labels, value: value)
    }

    private func number(_ word: Substring) -> Double? {
        switch word {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        default: Double(word)
        }
    }

    private mutating func labels() -> [String: String]? {
        guard rest.first == UInt8(ascii: "{") else { return [:] }
        rest = rest.dropFirst()
        var labels: [String: String] = [:]
        while let next = rest.first, next != UInt8(ascii: "}") {
            let key = rest.prefix { $0 != UInt8(ascii: "=") }
            rest = rest.dropFirst(key.count + 1)
            guard rest.first == UInt8(ascii: "\""), let value = quoted() else { return nil }
            labels[String(decoding: key, as: UTF8.self)] = value
            if rest.first == UInt8(ascii: ",") { rest = rest.dropFirst() }
        }
        guard rest.first == UInt8(ascii: "}") else { return nil }
        rest = rest.dropFirst()
        return labels
    }

    private mutating func quoted() -> String? {
        rest = rest.dropFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped == UInt8(ascii: "n") ? 10 : escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
