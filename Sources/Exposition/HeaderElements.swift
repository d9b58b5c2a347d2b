/// One element of a comma-separated HTTP header such as `Accept`: a token, parameters and a weight.
struct HeaderElement: Equatable {
    /// The token before the first semicolon, lower case: `text/plain`, `gzip`, `*`.
    var token: String
    /// The parameters before the weight, in order; names lower case, values without quotes.
    var parameters: [Parameter]
    /// The weight in thousandths, 0 to 1000; 1000 where none is given.
    var weight: Int

    struct Parameter: Equatable {
        var name: String
        var value: String
    }

    /// The most elements that are read; what follows is ignored.
    static let maximumCount = 64

    /// Reads a header. Never fails: elements that are malformed (an empty token, a weight that is none) are left out, because a client
    /// with an odd header is better served with the default than refused.
    static func parse(_ header: String) -> [HeaderElement] {
        split(header[...], at: ",").prefix(maximumCount).compactMap(HeaderElement.init(parsing:))
    }

    init(token: String, parameters: [Parameter] = [], weight: Int = 1000) {
        self.token = token
        self.parameters = parameters
        self.weight = weight
    }

    private init?(parsing text: Substring) {
        let parts = Self.split(text, at: ";")
        guard let first = parts.first, !first.isEmpty else { return nil }
        self.init(token: first.lowercased())
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            let name = Self.trimmed(sides[0]).lowercased()
            let value = Self.unquoted(Self.trimmed(sides[1]))
            guard name == "q" else {
                parameters.append(Parameter(name: name, value: value))
                continue
            }
            guard let thousandths = Self.weight(value) else { return nil }
            weight = thousandths
        }
    }

    /// `1`, `0`, `0.5`, `0.125`: up to three decimals, 0 to 1 (RFC 9110, §12.4.2).
    private static func weight(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == 0x30 || first == 0x31, bytes.count <= 5 else { return nil }
        guard bytes.count == 1 || bytes[1] == 0x2E else { return nil }
        var thousandths = Int(first - 0x30) * 1000
        var unit = 100
        for byte in bytes.dropFirst(2) {
            guard (0x30...0x39).contains(byte) else { return nil }
            thousandths += Int(byte - 0x30) * unit
            unit /= 10
        }
        return thousandths <= 1000 ? thousandths : nil
    }

    /// Splits outside quoted strings; parts come trimmed.
    private static func split(_ text: Substring, at separator: Character) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var quoted = false
        var escaped = false
        for index in text.indices {
            let character = text[index]
            if escaped {
                escaped = false
            } else if quoted && character == "\\" {
                escaped = true
            } else if character == "\"" {
                quoted.toggle()
            } else if character == separator && !quoted {
                parts.append(trimmed(text[start..<index]))
                start = text.index(after: index)
            }
        }
        parts.append(trimmed(text[start...]))
        return parts
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        var plain = ""
        var escaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\" && !escaped {
                escaped = true
            } else {
                plain.append(character)
                escaped = false
            }
        }
        return plain
    }
}
