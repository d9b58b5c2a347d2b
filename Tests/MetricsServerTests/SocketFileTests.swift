import Foundation
import Glibc
import Logging
import MetricsServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct SocketFileTests {
    /// A folder that is removed when the test is over.
    private final class Folder: Sendable {
        let path: String

        init() throws {
            path = "/tmp/quorum-socket-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }

        deinit {
            do { try FileManager.default.removeItem(atPath: path) } catch { print("cannot remove \(path): \(error)") }
        }

        var socket: String { path + "/s" }
    }

    private static func kindAndMode(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_mode : nil
    }

    private static func get(_ path: String) async throws -> RawResponse {
        var client = try await RawClient(socketPath: path)
        try await client.send("POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return try await client.response()
    }

    private let route = Route(.post, "/a") { _ in .text("done") }

    @Test func `it answers, only its owner may use it, and it is gone after a shutdown`() async throws {
        let folder = try Folder()
        let before = umask(0o022)
        defer { umask(before) }
        try await withSocketServer(folder.socket, [route]) { () async throws in
            #expect(Self.kindAndMode(folder.socket) == S_IFSOCK | 0o600)
            #expect(try await Self.get(folder.socket).text == "done\n")
        }
        #expect(Self.kindAndMode(folder.socket) == nil)
    }

    @Test func `the socket of a dead process is replaced`() async throws {
        let folder = try Folder()
        try bindAndLeave(folder.socket)
        #expect(Self.kindAndMode(folder.socket) != nil)
        try await withSocketServer(folder.socket, [route]) { () async throws in #expect(try await Self.get(folder.socket).status == 200) }
    }

    @Test func `the socket of a living one stays, and goes on answering`() async throws {
        let folder = try Folder()
        let route = route
        try await withSocketServer(folder.socket, [route]) { () async throws in
            let expected = MetricsServerError.cannotListen(folder.socket, reason: "another process listens there")
            await #expect(throws: expected) { try await withSocketServer(folder.socket, [route]) {} }
            #expect(try await Self.get(folder.socket).status == 200)
        }
    }

    @Test func `a file that is no socket stays as it is`() async throws {
        let folder = try Folder()
        try Data("precious".utf8).write(to: URL(filePath: folder.socket))
        let expected = MetricsServerError.cannotListen(folder.socket, reason: "there is a file that is no socket")
        await #expect(throws: expected) { try await withSocketServer(folder.socket, [route]) {} }
        #expect(try String(contentsOfFile: folder.socket, encoding: .utf8) == "precious")
    }

    @Test func `a folder that is not there is named`() async throws {
        let path = try Folder().path + "/none/s"
        await #expect(throws: MetricsServerError.self) { try await withSocketServer(path, [route]) {} }
    }

    @Test(arguments: ["", String(repeating: "x", count: 108)]) func `a path without room is refused`(path: String) {
        #expect(throws: MetricsServerError.invalidSocketPath(path, reason: "has \(path.utf8.count) bytes, the system takes 1 to 107")) {
            try MetricsServer(socketPath: path, routes: [], logger: Logger(label: "test"))
        }
    }

    /// A socket that is bound and whose process has gone, as far as the system can tell.
    private func bindAndLeave(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0 && listen(descriptor, 1) == 0)
        close(descriptor)
    }
}
