/// Reads settings from the arguments of a command.
struct CommandLineSource {
    private(set) var settings: [String: [Located<String>]] = [:]
    private(set) var mistakes: [String] = []
    private let options: [OptionDescription]

    /// - Parameter arguments: without the program's name and the command.
    init(_ arguments: [String], options: [OptionDescription]) {
        self.options = options
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--"), argument.count > 2 {
                read(argument, &rest)
            } else {
                mistakes.append("\(MistakeText.quoted(argument)) is not a flag; allowed: --flag=value or --flag value")
            }
        }
    }

    private mutating func read(_ argument: String, _ rest: inout ArraySlice<String>) {
        let equals = argument.firstIndex(of: "=")
        let flag = String(argument[..<(equals ?? argument.endIndex)])
        let attached = equals.map { String(argument[argument.index(after: $0)...]) }
        if let option = options.first(where: { $0.flag == flag }) {
            guard let value = attached ?? implied(option, &rest) else {
                mistakes.append("\(flag) has no value; allowed: \(flag)=\(option.placeholder)")
                return
            }
            add(value, option, flag)
        } else if let option = negated(flag) {
            guard attached == nil else {
                mistakes.append("\(flag) takes no value; allowed: \(flag), \(option.flag)=true, \(option.flag)=false")
                return
            }
            add("false", option, flag)
        } else {
            mistakes.append("\(flag) is not a flag of this command" + NearestName.suggestion(flag, among: options.map(\.flag)))
            // Most likely its value: one mistake is enough.
            if attached == nil, let next = rest.first, !next.hasPrefix("-") { rest.removeFirst() }
        }
    }

    /// The value of a flag that has none attached: the next argument, or true.
    private func implied(_ option: OptionDescription, _ rest: inout ArraySlice<String>) -> String? {
        if option.shape == .boolean { return "true" }
        guard let next = rest.first, !next.hasPrefix("--") else { return nil }
        return rest.removeFirst()
    }

    private func negated(_ flag: String) -> OptionDescription? {
        options.first { $0.shape == .boolean && flag == "--no-" + $0.key }
    }

    private mutating func add(_ value: String, _ option: OptionDescription, _ flag: String) {
        if settings[option.key] != nil, option.shape != .repeatable {
            mistakes.append("\(flag) is given more than once: \(MistakeText.quoted(value)); allowed: once")
            return
        }
        let values = option.isList ? ListText.split(value) : [value]
        settings[option.key, default: []] += values.map { Located(value: $0, place: .flag(flag)) }
    }
}

/// Lists in one text.
enum ListText {
    /// The parts between commas without the spaces around them; an empty text is a list of one empty part.
    static func split(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            var part = part.drop { $0 == " " }
            while part.last == " " { part.removeLast() }
            return String(part)
        }
    }
}

/// Reads settings from the environment. Unknown variables are ignored: a service named `quorum` makes Kubernetes set `QUORUM_PORT`.
enum EnvironmentSource {
    /// - Returns: the settings by key; an empty variable counts as not set.
    static func settings(_ environment: [String: String], options: [OptionDescription]) -> [String: [Located<String>]] {
        var settings: [String: [Located<String>]] = [:]
        for option in options {
            guard let value = environment[option.variable], !value.isEmpty else { continue }
            let values = option.isList ? ListText.split(value) : [value]
            settings[option.key] = values.map { Located(value: $0, place: .variable(option.variable)) }
        }
        return settings
    }
}
