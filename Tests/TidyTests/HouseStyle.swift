/// How the text reads, as rules over one file.
enum HouseStyle {
    /// Lines a file may have; a theme that needs more is two.
    static let maximumLines = 400

    static func filesAreShort(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated else { return [] }
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - (file.text.hasSuffix("\n") ? 1 : 0)
        return lines > maximumLines ? [Finding(file, "\(lines) lines, at most \(maximumLines)")] : []
    }

    /// Lines of generated files are nobody's to wrap.
    static func linesAreNarrow(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated, file.path.hasSuffix(".swift") else { return [] }
        return file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { at, line in line.count > 140 ? Finding(file, line: at + 1, "\(line.count) columns, at most 140") : nil }
    }

    /// A failure is thrown or handled, never wished away.
    static func nothingIsForced(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated else { return [] }
        return file.findings(of: pattern(#"\btry!|\bas!"#), "forces what may fail")
    }

    /// What is not done is in an issue, not in the code.
    static func nothingIsLeftForLater(_ file: SourceFile) -> [Finding] {
        guard !file.path.hasPrefix("Tests/TidyTests/") else { return [] }
        return file.textFindings(of: pattern(#"\b(TODO|FIXME|XXX|HACK)\b"#), "leaves something for later")
    }

    /// A promise that the compiler cannot check stands beside its proof.
    static func uncheckedPromisesAreProved(_ file: SourceFile) -> [Finding] {
        guard !file.isGenerated else { return [] }
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let found = file.findings(of: pattern(#"@unchecked\s+Sendable|nonisolated\(unsafe\)"#), "promises without a comment that proves it")
        return found.filter { finding in
            let above = lines[max(0, finding.line - 4)..<finding.line]
            return !above.contains { $0.contains("//") }
        }
    }

    /// The project builds anywhere; a path of one machine is of no use on another.
    static func noPathOfOneMachine(_ file: SourceFile) -> [Finding] {
        guard !file.path.hasPrefix("Tests/TidyTests/") else { return [] }
        return file.textFindings(of: pattern(#"(^|[\s"'`(=:])/(work|home|root|Users|opt/swift)/[A-Za-z.]"#), "a path of one machine")
    }
}
