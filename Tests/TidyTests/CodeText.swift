/// Enough of Swift's lexical rules to tell code from comments and from the insides of strings.
enum CodeText {
    /// The text with comments removed and string literals emptied; line breaks stay where they were.
    ///
    /// Code within an interpolation counts as part of the string, so a rule does not look into it.
    static func strip(_ text: String) -> String {
        var scanner = Scanner(text)
        return scanner.run()
    }

    private enum Sign {
        static let line = Array("//".utf8)
        static let open = Array("/*".utf8)
        static let close = Array("*/".utf8)
        static let longQuote = Array("\"\"\"".utf8)
        static let quote = UInt8(ascii: "\"")
        static let hash = UInt8(ascii: "#")
        static let backslash = UInt8(ascii: "\\")
        static let parenthesis = UInt8(ascii: "(")
        static let closingParenthesis = UInt8(ascii: ")")
        static let lineFeed = UInt8(ascii: "\n")
    }

    private struct Scanner {
        private let bytes: [UInt8]
        private var at = 0
        private var result: [UInt8] = []

        init(_ text: String) {
            bytes = Array(text.utf8)
            result.reserveCapacity(bytes.count)
        }

        mutating func run() -> String {
            while at < bytes.count {
                if starts(Sign.line) {
                    skipLine()
                } else if starts(Sign.open) {
                    skipBlock()
                } else if let hashes = openingQuote() {
                    skipString(hashes)
                } else {
                    result.append(bytes[at])
                    at += 1
                }
            }
            return String(decoding: result, as: UTF8.self)
        }

        private func starts(_ text: [UInt8]) -> Bool {
            guard at + text.count <= bytes.count, bytes[at] == text[0] else { return false }
            for offset in 1..<max(1, text.count) where bytes[at + offset] != text[offset] { return false }
            return true
        }

        private mutating func skipLine() {
            while at < bytes.count, bytes[at] != Sign.lineFeed { at += 1 }
        }

        private mutating func skipBlock() {
            var depth = 0
            repeat {
                if starts(Sign.open) {
                    depth += 1
                    at += 2
                } else if starts(Sign.close) {
                    depth -= 1
                    at += 2
                } else {
                    keepLineBreak()
                }
            } while depth > 0 && at < bytes.count
        }

        /// The number of `#` before a quote that opens here; nil where none does.
        private func openingQuote() -> Int? {
            var place = at
            while place < bytes.count, bytes[place] == Sign.hash { place += 1 }
            return place < bytes.count && bytes[place] == Sign.quote ? place - at : nil
        }

        private mutating func skipString(_ hashes: Int) {
            at += hashes
            let quote = starts(Sign.longQuote) ? Sign.longQuote : [Sign.quote]
            let end = quote + Array(repeating: Sign.hash, count: hashes)
            let escape = [Sign.backslash] + Array(repeating: Sign.hash, count: hashes)
            at += quote.count
            result += [Sign.quote, Sign.quote]
            while at < bytes.count, !starts(end) {
                if quote.count == 1, bytes[at] == Sign.lineFeed { return }
                if starts(escape + [Sign.parenthesis]) {
                    at += escape.count
                    skipInterpolation()
                } else if starts(escape) {
                    at += escape.count
                    if at < bytes.count { keepLineBreak() }
                } else {
                    keepLineBreak()
                }
            }
            at += end.count
        }

        /// To the parenthesis that closes the one here; strings inside may hold others.
        private mutating func skipInterpolation() {
            var depth = 0
            repeat {
                if let hashes = openingQuote() {
                    let before = result.count
                    skipString(hashes)
                    result[before...].removeAll { $0 != Sign.lineFeed }
                    continue
                }
                if bytes[at] == Sign.parenthesis { depth += 1 }
                if bytes[at] == Sign.closingParenthesis { depth -= 1 }
                keepLineBreak()
            } while depth > 0 && at < bytes.count
        }

        private mutating func keepLineBreak() {
            if bytes[at] == Sign.lineFeed { result.append(Sign.lineFeed) }
            at += 1
        }
    }
}
