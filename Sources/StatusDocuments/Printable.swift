extension Unicode.Scalar {
    /// Whether a terminal might act on it instead of showing it: control characters, ends of lines, and what turns the direction of text.
    public var isControl: Bool {
        let category = properties.generalCategory
        return category == .control || category == .lineSeparator || category == .paragraphSeparator
            || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }

    /// As JSON writes it in a string: `\u` and four hexadecimal digits; for scalars up to U+FFFF.
    public var escape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension String {
    /// The text as it may be shown on a terminal, on one line: every control character is replaced by its escape.
    ///
    /// For everything that came over the network: a peer chooses what it calls itself, and its version.
    public var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.map { $0.isControl ? $0.escape : String($0) }.joined()
    }
}
