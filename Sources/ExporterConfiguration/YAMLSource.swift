import Yams

/// Reads settings from a YAML file: dotted keys as nested maps, as they are, or mixed.
struct YAMLSource {
    private(set) var settings: [String: [Located<String>]] = [:]
    private(set) var mistakes: [String] = []
    private let path: String
    private let options: [OptionDescription]

    /// The largest file, in bytes.
    static let maximumFileBytes = 1 << 20

    /// - Parameters:
    ///   - path: as the user wrote it, for the mistakes.
    ///   - text: the file's content.
    init(path: String, text: String, options: [OptionDescription]) {
        self.path = path
        self.options = options
        if let problem = YAMLNesting.problem(in: text) {
            mistakes.append("\(path):\(problem.line):1: \(problem.found)")
            return
        }
        do {
            guard let root = try compose(yaml: text) else { return }
            read(root, "")
        } catch let error as YamlError {
            mistakes.append(syntaxMistake(error))
        } catch {
            mistakes.append("\(path):1:1: \(error)")
        }
    }

    private mutating func read(_ node: Node, _ prefix: String) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping { read(key, value, prefix) }
        case .scalar(let scalar) where Self.isNull(scalar): break
        case .scalar, .sequence, .alias:
            let key = prefix.isEmpty ? "the file" : prefix
            mistakes.append("\(place(node, key)): holds a value; allowed: keys with values, such as cluster.name: default")
        }
    }

    private mutating func read(_ key: Node, _ value: Node, _ prefix: String) {
        guard case .scalar(let name) = key else {
            mistakes.append("\(place(key, prefix.isEmpty ? "the file" : prefix)): a key is not a plain text; allowed: names of options")
            return
        }
        let path = prefix.isEmpty ? name.string : prefix + "." + name.string
        if let option = options.first(where: { $0.key == path && $0.shape != .notInFile }) {
            add(option, value, key)
        } else if options.contains(where: { $0.key.hasPrefix(path + ".") && $0.shape != .notInFile }) {
            read(value, path)
        } else {
            mistakes.append(unknownKey(path, key))
        }
    }

    private mutating func add(_ option: OptionDescription, _ value: Node, _ key: Node) {
        guard settings[option.key] == nil else {
            mistakes.append("\(place(key, option.key)): is given more than once; allowed: once")
            return
        }
        settings[option.key] = []
        switch value {
        case .scalar(let scalar) where !Self.isNull(scalar):
            let texts = option.isList ? ListText.split(scalar.string) : [scalar.string]
            settings[option.key] = texts.map { Located(value: $0, place: place(value, option.key)) }
        case .sequence(let sequence) where option.isList && !sequence.isEmpty:
            for element in sequence { add(option, element: element) }
        case .scalar:
            mistakes.append("\(place(key, option.key)): has no value; allowed: \(Self.form(of: option))")
        case .mapping, .sequence, .alias:
            mistakes.append("\(place(value, option.key)): is not one value; allowed: \(Self.form(of: option))")
        }
    }

    private mutating func add(_ option: OptionDescription, element: Node) {
        guard case .scalar(let scalar) = element, !Self.isNull(scalar) else {
            mistakes.append("\(place(element, option.key)): an element of the list is not one value; allowed: \(option.placeholder)")
            return
        }
        settings[option.key, default: []].append(Located(value: scalar.string, place: place(element, option.key)))
    }

    private func unknownKey(_ key: String, _ node: Node) -> String {
        if let option = options.first(where: { $0.key == key }) {
            return "\(place(node, key)): cannot stand in the file; allowed: \(option.flag), \(option.variable)"
        }
        let known = options.filter { $0.shape != .notInFile }.map(\.key)
        return "\(place(node, key)): is not a known key" + NearestName.suggestion(key, among: known)
    }

    private func place(_ node: Node, _ key: String) -> SettingPlace {
        .file(path: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, key: key)
    }

    private static func form(of option: OptionDescription) -> String {
        switch option.shape {
        case .boolean: return "true, false"
        case .single, .notInFile: return "one \(option.placeholder)"
        case .list, .repeatable: return "one \(option.placeholder), or a list of them"
        }
    }

    /// What YAML reads as nothing at all. Quoted it would be a text.
    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension YAMLSource {
    /// One line for what is no YAML.
    private func syntaxMistake(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return "\(path):\(mark.line):\(mark.column): is not YAML: \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map(MistakeText.quoted).joined(separator: ", ")
            return "\(path):\(context.mark.line):\(context.mark.column): \(keys) is given more than once; allowed: once"
        case .reader(let problem, let offset, _, let text):
            let line = text.unicodeScalars.prefix(offset ?? 0).count { $0 == "\n" } + 1
            return "\(path):\(line):1: is not YAML: \(problem)"
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return "\(path):1:1: is not YAML: \(error)"
        }
    }
}

/// Bounds how deeply a YAML file can be nested before it is parsed: the parser descends without a limit of its own.
enum YAMLNesting {
    /// Opening brackets and braces in the whole file, whether they nest or not.
    static let maximumOpenings = 500
    /// Characters of indentation and list dashes at the start of a line.
    static let maximumIndentation = 200

    /// The first line that goes beyond, or nil.
    static func problem(in text: String) -> (line: Int, found: String)? {
        var openings = 0
        var number = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            openings += line.count { $0 == 0x5B || $0 == 0x7B }
            if openings > maximumOpenings { return (number, "more than \(maximumOpenings) [ and { in the file; allowed: fewer") }
            // Spaces, tabs, and the indicators - ? : that open a level each.
            let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x2D || $0 == 0x3F || $0 == 0x3A }.count
            if indentation > maximumIndentation {
                return (number, "indented by more than \(maximumIndentation) characters; allowed: fewer")
            }
        }
        return nil
    }
}
