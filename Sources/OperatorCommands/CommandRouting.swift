/// What the executable does with its arguments before they are parsed.
public enum CommandRouting {
    /// The exit status of a usage error.
    public static let usageExitStatus: Int32 = 2

    /// Puts `serve` in front of arguments that name no command: none at all, or flags. `--help`, `-h` and `--version` as the first
    /// argument are the program's own.
    /// - Parameter arguments: without the program's name.
    public static func withCommand(_ arguments: [String]) -> [String] {
        guard let first = arguments.first else { return ["serve"] }
        if ["--help", "-h", "--version"].contains(first) { return arguments }
        return first.hasPrefix("-") ? ["serve"] + arguments : arguments
    }
}
