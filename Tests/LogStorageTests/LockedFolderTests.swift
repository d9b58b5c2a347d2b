import Foundation
import Testing

@testable import LogStorage

@Suite struct LockedFolderTests {
    /// A power cut after the start could otherwise take the store away with a folder above it.
    @Test func everyFolderThatIsMadeIsMadeDurable() throws {
        let temporary = try TemporaryFolder()
        let paths = ["a", "a/b", "a/b/c"].map(temporary.folder)
        var synchronized: [String] = []
        let folder = try LockedFolder(paths[2]) { path throws(LogStorageError) in
            synchronized.append(path)
            try LockedFolder.synchronizeParent(of: path)
        }
        #expect(synchronized.sorted() == paths)
        folder.release()
        synchronized = []
        try LockedFolder(paths[2] + "/") { path throws(LogStorageError) in synchronized.append(path) }.release()
        #expect(synchronized.isEmpty)
        try LockedFolder(paths[0] + "/d/") { path throws(LogStorageError) in synchronized.append(path) }.release()
        #expect(synchronized == [paths[0] + "/d/"])
    }
}
