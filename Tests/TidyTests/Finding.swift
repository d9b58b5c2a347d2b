/// What a rule has to say about a place.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// Counted from 1; 0 for the file as a whole.
    let line: Int
    let message: String

    init(_ file: SourceFile, line: Int = 0, _ message: String) {
        path = file.path
        self.line = line
        self.message = message
    }

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// A rule over one file: pure, so that a test can show it a text which breaks it.
typealias Rule = (SourceFile) -> [Finding]

extension SourceFile {
    /// A finding for each line of the code (comments and strings apart) in which the pattern occurs.
    func findings(of pattern: Regex<AnyRegexOutput>, _ message: String) -> [Finding] {
        findings(of: pattern, in: codeLines, message)
    }

    /// The same over the whole text.
    func textFindings(of pattern: Regex<AnyRegexOutput>, _ message: String) -> [Finding] {
        findings(of: pattern, in: text.split(separator: "\n", omittingEmptySubsequences: false), message)
    }

    private func findings(of pattern: Regex<AnyRegexOutput>, in lines: [Substring], _ message: String) -> [Finding] {
        lines.enumerated().compactMap { at, line in line.contains(pattern) ? Finding(self, line: at + 1, message) : nil }
    }
}

/// A pattern from text that stands in this target: a mistake in it ends the test at once, and says so.
///
/// `\b` is between a letter and anything else; by default it would not see one in `Clock.now`.
func pattern(_ text: String) -> Regex<AnyRegexOutput> {
    do { return try Regex(text).wordBoundaryKind(.simple) } catch { fatalError("the pattern \(text) is none: \(error)") }
}
