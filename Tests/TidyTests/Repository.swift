import Foundation

/// The project's files, found from where this file was compiled.
enum Repository {
    /// The top folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file of the project, by its path from the top folder.
    static func url(_ path: String) -> URL { root.appending(path: path) }

    /// Whether the project has this file or folder.
    static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    /// The whole text of a file.
    static func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

    /// The paths of all files below a folder whose names end so, sorted; none when the folder is missing.
    static func paths(below folder: String, ending suffix: String = "") -> [String] {
        guard let found = FileManager.default.enumerator(atPath: url(folder).path) else { return [] }
        var paths: [String] = []
        for case let path as String in found where path.hasSuffix(suffix) {
            let full = folder.isEmpty ? path : folder + "/" + path
            if found.fileAttributes?[.type] as? FileAttributeType == .typeRegular { paths.append(full) }
        }
        return paths.sorted()
    }

    /// The Swift sources of the program, of its tests and of the manifest.
    static func swiftFiles() throws -> [SourceFile] { try swift.get() }

    private static let swift = Result {
        let found = paths(below: "Sources", ending: ".swift") + paths(below: "Tests", ending: ".swift") + ["Package.swift"]
        return try found.map { SourceFile(path: $0, text: try text($0)) }
    }

    /// What people read and machines load beside the Swift sources.
    static func otherFiles() throws -> [SourceFile] {
        let top = try FileManager.default.contentsOfDirectory(atPath: root.path)
            .filter { $0.hasSuffix(".md") || $0.hasSuffix(".yml") || $0 == "Makefile" }
        let below = ["rules", "grafana", ".ci"].flatMap { paths(below: $0) }
        return try (top + below).sorted().map { SourceFile(path: $0, text: try text($0)) }
    }
}

/// One file as a rule sees it: a path and a text, so that a test can hand it planted ones.
struct SourceFile: Sendable {
    let path: String
    let text: String
    /// The text without comments and with string literals emptied, line for line the same.
    let code: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = path.hasSuffix(".swift") ? CodeText.strip(text) : text
    }

    /// `Sources/X/…` and `Tests/X/…` belong to X; anything else to no target.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests") ? String(parts[1]) : nil
    }

    var isProgram: Bool { path.hasPrefix("Sources/") }

    var isGenerated: Bool { path.hasSuffix(".pb.swift") }

    var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The modules it imports, whatever the access level or the kind of import.
    var imports: [String] {
        codeLines.compactMap { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            guard let at = words.firstIndex(of: "import"), words[..<at].allSatisfy(SourceFile.mayPrecedeImport) else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = words[(at + 1)...].first { !kinds.contains($0) }
            return name.map { String($0.prefix { $0 != "." && $0 != ";" }) }
        }
    }

    private static func mayPrecedeImport(_ word: String) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private", "unsafe"].contains(word)
    }
}
