/// Everything that is wrong with a start: all mistakes at once, so that nobody mends them one start at a time.
public struct ConfigurationMistakes: Error, Equatable, Sendable, CustomStringConvertible {
    /// One line a mistake, never empty: `file:line:column: key`, `--flag` or `VARIABLE`, then the value found and what is allowed.
    /// First what could not be read, then values by section: cluster, web, storage, raft, health, log.
    public let lines: [String]

    /// Mistakes that show only beside what the node has stored.
    ///
    /// - Parameter lines: one a mistake, at least one.
    public init(lines: [String]) { self.lines = lines }

    /// The exit status of a process whose configuration is mistaken.
    public static let exitStatus: Int32 = 2

    /// All lines, without a newline at the end.
    public var description: String { lines.joined(separator: "\n") }
}

/// Where a setting was found.
enum SettingPlace: Equatable, Sendable, CustomStringConvertible {
    /// The flag with its dashes.
    case flag(String)
    /// The environment variable.
    case variable(String)
    /// Line and column from 1; the column counts Unicode scalars. The key is in its dotted form.
    case file(path: String, line: Int, column: Int, key: String)
    /// Nowhere: the default counts.
    case defaultValue(flag: String)

    var description: String {
        switch self {
        case .flag(let flag): return flag
        case .variable(let variable): return variable
        case .file(let path, let line, let column, let key): return "\(path):\(line):\(column): \(key)"
        case .defaultValue(let flag): return "\(flag) (not given)"
        }
    }
}

/// A value and where it was found.
struct Located<Value: Sendable>: Sendable {
    let value: Value
    let place: SettingPlace
}

/// Why a text is no value of an option.
struct ValueProblem: Error, Equatable, Sendable {
    /// What is wrong, such as `is not a duration`.
    let found: String
    /// What would be right.
    let allowed: String
}

/// Words a mistake's line.
enum MistakeText {
    /// As many characters of a value as are repeated.
    static let maximumShownCharacters = 120

    static func line(_ place: SettingPlace, _ value: String, _ problem: ValueProblem) -> String {
        "\(place): \(quoted(value)) \(problem.found); allowed: \(problem.allowed)"
    }

    /// The value in double quotes, on one line whatever it holds, cut when it is long.
    static func quoted(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars.prefix(maximumShownCharacters) {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return value.unicodeScalars.count > maximumShownCharacters ? "\"\(text)…\"" : "\"\(text)\""
    }
}
