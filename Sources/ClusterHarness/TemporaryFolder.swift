import Foundation

/// Folders of the tests.
public enum TemporaryFolder {
    /// Makes a new one, for the caller to remove.
    public static func make() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "quorum-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }
}
