import Foundation
import LogStorage
import RaftCore
import Testing

@Suite struct FullDiskTests {
    /// A file may not grow beyond a limit of the process, as if the disk were full; the store fails that write and keeps the rest.
    @Test func aWriteThatFindsNoSpaceFailsAndWhatWasAcknowledgedStays() async throws {
        let temporary = try TemporaryFolder()
        let path = temporary.folder("a")
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            let (store, _) = try openStore(path)
            try await store.append(1...20, term: 1)
            var limit = rlimit(rlim_cur: 64 << 10, rlim_max: 64 << 10)
            guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(1) }
            do {
                try await store.append(21...2_000, term: 1)
                exit(2)
            } catch LogStorageError.cannotWrite {
                guard case .failure = await attempt({ try await store.append(21...21, term: 1) }) else { exit(3) }
                exit(7)
            }
        }
        let (store, recovered) = try openStore(path)
        #expect(recovered.entries == (1...20).map { command($0, term: 1) })
        try store.close()
    }

    @Test(.enabled(if: getuid() == 0, "only the superuser can mount a small disk"))
    func aStoreOnAFullDiskIsNamedAndUnchangedAndOpensAgainWhenThereIsSpace() async throws {
        let temporary = try TemporaryFolder()
        let disk = temporary.folder("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard try run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk) == 0 else {
            return  // A superuser who may not mount: nothing can be shown here.
        }
        defer { #expect(throws: Never.self) { try run("umount", disk) } }
        let path = disk + "/a"
        let (store, _) = try openStore(path)
        try await store.append(1...20, term: 1)
        try store.close()
        let before = try files(of: path)
        try fill(disk + "/filler")
        let reopened = Result { try openStore(path) }
        if case .success(let (store, recovered)) = reopened {
            // The journal's room was kept, so that opening needed none: then the first write that needs some fails.
            #expect(recovered.entries == (1...20).map { command($0, term: 1) })
            await #expect(throws: LogStorageError.self) { try await store.append(21...400, term: 1) }
            try store.close()
        } else {
            #expect(try files(of: path) == before)
        }
        #expect(throws: LogStorageError.self) { _ = try openStore(disk + "/new") }
        try FileManager.default.removeItem(atPath: disk + "/filler")
        let (again, recovered) = try openStore(path)
        #expect(recovered.entries == (1...20).map { command($0, term: 1) })
        try again.close()
    }

    private func fill(_ file: String) throws {
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        let handle = try #require(FileHandle(forWritingAtPath: file))
        while case .success = Result(catching: { try handle.write(contentsOf: Data(repeating: 1, count: 512)) }) {}
        try handle.close()
    }

    @discardableResult
    private func run(_ command: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = Pipe()
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

private func attempt(_ body: () async throws -> Void) async -> Result<Void, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
