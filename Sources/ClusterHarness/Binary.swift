import Foundation

/// Where the program under test is.
public enum Binary {
    /// The environment variable that names it.
    public static let variable = "QUORUM_EXPORTER_BINARY"

    /// The program named by the environment, or the one that was built beside the running test bundle or executable.
    ///
    /// - Throws: `HarnessError` that says where it was looked for.
    public static func locate() throws -> String {
        if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty {
            guard isExecutable(named) else { throw HarnessError("\(variable) is \(named), which is no executable file") }
            return named
        }
        var looked: [String] = []
        for start in [CommandLine.arguments.first, Bundle.main.executablePath, Bundle.main.bundlePath].compactMap({ $0 }) {
            if let found = search(upwardFrom: start, looked: &looked) { return found }
        }
        throw HarnessError("no quorum-exporter at \(looked.joined(separator: ", ")): build it, or name it with \(variable)")
    }

    private static func search(upwardFrom start: String, looked: inout [String]) -> String? {
        var folder = URL(filePath: start).deletingLastPathComponent()
        for _ in 0..<6 where folder.path != "/" {
            for path in ["quorum-exporter", "debug/quorum-exporter"].map({ folder.appending(path: $0).path }) {
                if isExecutable(path) { return path }
                if !looked.contains(path) { looked.append(path) }
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    private static func isExecutable(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}
