import Foundation
import Testing

@testable import LogStorage

/// A power cut after a start could otherwise take the store away with a folder above it.
@Suite struct LockedFolderTests {
    /// The folders whose entry in the one above is made durable by a start, the innermost first, and whether it is refused.
    private func start(
        _ path: String, failing: String? = nil, _ error: LogStorageError = .cannotWrite(file: "", reason: "")
    ) -> (synchronized: [String], isRefused: Bool) {
        var synchronized: [String] = []
        do {
            try LockedFolder(path) { folder throws(LogStorageError) in
                if folder == failing { throw error }
                synchronized.append(folder)
                try LockedFolder.synchronizeParent(of: folder)
            }.release()
            return (synchronized, false)
        } catch {
            return (synchronized, true)
        }
    }

    private func folders(upTo path: String) -> [String] {
        var folders = [path]
        while let parent = folders.last.map({ ($0 as NSString).deletingLastPathComponent }), parent != "/" { folders.append(parent) }
        return folders
    }

    @Test func everyFolderThatIsMadeIsMadeDurableUntilThereIsAStore() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.folder("a/b/c")
        #expect(start(path) == (folders(upTo: path), false))
        #expect(start(path) == (folders(upTo: path), false), "the store was not made yet")
        #expect(FileManager.default.createFile(atPath: path + "/quorum.sqlite", contents: nil))
        #expect(start(path + "/") == ([], false))
        let other = temporary.folder("a/d")
        #expect(start(other + "/").synchronized == [other + "/"] + folders(upTo: temporary.folder("a")))
    }

    /// The start that made the folders was killed, or refused because one of them could not be made durable.
    @Test func theNextStartMakesDurableWhatTheOneBeforeItMade() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.folder("a/b")
        #expect(start(path, failing: path) == ([], true))
        #expect(start(path, failing: temporary.folder("a")) == ([path], true))
        #expect(start(path) == (folders(upTo: path), false))
    }

    @Test func aFolderThatMayNotBeOpenedIsPassedOverUnlessThisStartMadeOneInIt() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.folder("a/b")
        let closed = LogStorageError.cannotOpen(file: path, reason: "")
        #expect(start(path, failing: path, closed) == ([], true))
        #expect(start(path, failing: path, closed) == (Array(folders(upTo: path).dropFirst()), false), "it is there")
    }
}
