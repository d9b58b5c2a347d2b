import ArgumentParser
import ExporterConfiguration
import Foundation
import Glibc

/// Which node a command talks to.
struct NodeOptions: ParsableArguments {
    @Option(
        name: .customLong("admin.socket"),
        help: ArgumentHelp(
            "The node's socket. Default: QUORUM_ADMIN_SOCKET, or admin.sock in the storage path.", valueName: "file"))
    var adminSocket: String?

    @Option(
        name: .customLong("storage.path"),
        help: ArgumentHelp("The node's storage path. Default: QUORUM_STORAGE_PATH, or data/.", valueName: "folder"))
    var storagePath: String?

    init() {}

    /// Whether one of the flags is given.
    var isGiven: Bool { adminSocket != nil || storagePath != nil }

    /// Where the socket is.
    /// - Parameter environment: all variables.
    func socketPath(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        NodeOptions.socketPath(adminSocket: adminSocket, storagePath: storagePath, environment)
    }

    static func socketPath(adminSocket: String?, storagePath: String?, _ environment: [String: String]) -> String {
        if let adminSocket { return adminSocket }
        if let storagePath { return NodeConfiguration.adminSocketPath(inStorage: storagePath) }
        if let socket = environment["QUORUM_ADMIN_SOCKET"], !socket.isEmpty { return socket }
        let storage = environment["QUORUM_STORAGE_PATH"] ?? ""
        return NodeConfiguration.adminSocketPath(inStorage: storage.isEmpty ? "data/" : storage)
    }

    /// The node behind the socket.
    func node() throws -> AskedNode {
        let path = socketPath()
        do {
            return AskedNode(name: path, endpoint: try HTTPEndpoint.socket(path: path), path: "", isSocket: true)
        } catch {
            throw ValidationError("--admin.socket: \(error)")
        }
    }
}

/// A node as a command reaches it.
struct AskedNode: Sendable {
    /// For messages: the socket or the URL.
    let name: String
    let endpoint: HTTPEndpoint
    /// What stands before every path; empty, or begins with `/`.
    let path: String
    let isSocket: Bool

    /// - Throws: `ValidationError` for what is no URL of a node.
    static func at(url: String) throws -> AskedNode {
        guard let place = PlainURL(url) else {
            throw ValidationError("--url: \"\(url)\" is not http://host:port with an optional path")
        }
        return AskedNode(
            name: url, endpoint: try HTTPEndpoint.resolve(host: place.host, port: place.port), path: place.path, isSocket: false)
    }

    func request(_ path: String, method: String = "GET") -> HTTPRequest {
        HTTPRequest(endpoint: endpoint, path: self.path + path, method: method)
    }

    /// Whether the request has never left: nobody was there to take it.
    static func isUnreached(_ reason: String) -> Bool {
        [ENOENT, ECONNREFUSED, EACCES, ENOTSOCK, ENOTDIR, EAGAIN].contains { SystemCalls.reason($0) == reason }
    }

    /// Why the node did not answer, with what to look for.
    func explanation(of reason: String) -> String {
        guard isSocket else { return "\(name): \(reason)" }
        switch reason {
        case SystemCalls.reason(ENOENT), SystemCalls.reason(ECONNREFUSED):
            return "\(name): no node listens there; is it running, and are --storage.path or --admin.socket those of 'serve'?"
        case SystemCalls.reason(EACCES): return "\(name): \(reason): only the user that runs the node may use its socket"
        default: return "\(name): \(reason)"
        }
    }
}

/// A command that did not do what it was told; one line.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
}
