/// What the user sees of an option.
public struct OptionDescription: Equatable, Sendable {
    /// The key in the configuration file, dotted.
    public let key: String
    /// What stands for the value in the help; empty for a boolean.
    public let placeholder: String
    /// The default as written, or in words where it is derived; never empty.
    public let defaultText: String
    /// One sentence.
    public let help: String
    /// How values are given.
    public let shape: Shape

    /// How values are given.
    public enum Shape: Equatable, Sendable {
        /// One value.
        case single
        /// `--flag`, `--no-flag`, `--flag=true` or `--flag=false`.
        case boolean
        /// Several values with commas between them, or a list in the file.
        case list
        /// As `list`, and the flag may be given more than once.
        case repeatable
        /// One value, and not in the file.
        case notInFile
    }

    /// The flag with its dashes.
    public var flag: String { "--" + key }

    /// The environment variable.
    public var variable: String {
        "QUORUM_" + String(key.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
    }

    var isList: Bool { shape == .list || shape == .repeatable }
}

/// One option: what the user sees of it, and how its text becomes a value.
struct ConfigurationOption<Value: Sendable>: Sendable {
    let description: OptionDescription
    /// The default as text for `parse`; nil where there is none or it is derived.
    let defaultValue: String?
    let parse: @Sendable (String) throws(ValueProblem) -> Value

    /// - Parameters:
    ///   - defaultValue: the default as text; nil where there is none or it is derived.
    ///   - derived: what the default is then, in words.
    init(
        _ key: String, _ placeholder: String, _ shape: OptionDescription.Shape = .single, default defaultValue: String? = nil,
        derived: String = "none", help: String, parse: @escaping @Sendable (String) throws(ValueProblem) -> Value
    ) {
        self.defaultValue = defaultValue
        self.parse = parse
        description = OptionDescription(
            key: key, placeholder: placeholder, defaultText: defaultValue ?? derived, help: help, shape: shape)
    }
}
