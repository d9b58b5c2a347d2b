@testable import ExporterConfiguration

/// A file system of some files, in which every folder can be written but the one named.
func files(_ contents: [String: String] = [:], readOnly: String? = nil) -> ConfigurationFiles {
    ConfigurationFiles(
        read: { path throws(FileProblem) in
            guard let text = contents[path] else { throw FileProblem("cannot be read: No such file or directory") }
            return Array(text.utf8)
        },
        folderProblem: { $0 == readOnly ? "cannot be written: \($0): Permission denied" : nil })
}

func load(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil,
    files: ConfigurationFiles = files(), hostName: String = "box"
) throws(ConfigurationMistakes) -> NodeConfiguration {
    guard let file else {
        return try NodeConfiguration.load(arguments: arguments, environment: environment, files: files, hostName: hostName)
    }
    let withFile = ConfigurationFiles(
        read: { path throws(FileProblem) in
            guard path == "q.yml" else { return try files.read(path) }
            return Array(file.utf8)
        }, folderProblem: files.folderProblem)
    return try NodeConfiguration.load(
        arguments: ["--config.file=q.yml"] + arguments, environment: environment, files: withFile, hostName: hostName)
}

/// The lines of the mistakes, empty when there are none.
func mistakes(
    _ arguments: [String] = [], environment: [String: String] = [:], file: String? = nil,
    files: ConfigurationFiles = files(), hostName: String = "box"
) -> [String] {
    do {
        _ = try load(arguments, environment: environment, file: file, files: files, hostName: hostName)
        return []
    } catch {
        return error.lines
    }
}
