import ClusterTransport
import Foundation

/// Authorities and certificates made by the `openssl` command in a temporary folder.
final class CertificateFixture: Sendable {
    let folder: URL

    struct CommandFailed: Error {
        let arguments: [String]
        let output: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("transport-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            print("left behind: \(folder.path): \(error)")
        }
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func makeAuthority(_ name: String) throws {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=\(name)",
            "-keyout", path("\(name).key"), "-out", path("\(name).pem"),
        ])
    }

    /// A certificate with one subject alternative URI, and the files a member with it is given.
    func issue(_ file: String, uri: String, by authority: String, trusting trusted: String? = nil) throws -> TransportSecurity {
        let extensions = path("\(file).ext")
        try Data("subjectAltName=URI:\(uri)\nextendedKeyUsage=serverAuth,clientAuth\n".utf8).write(to: URL(fileURLWithPath: extensions))
        try openssl([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(file)", "-keyout",
            path("\(file).key"), "-out", path("\(file).csr"),
        ])
        try openssl([
            "x509", "-req", "-in", path("\(file).csr"), "-CA", path("\(authority).pem"), "-CAkey", path("\(authority).key"),
            "-CAcreateserial", "-days", "10", "-extfile", extensions, "-out", path("\(file).pem"),
        ])
        return .mutualTLS(
            .init(certificate: path("\(file).pem"), key: path("\(file).key"), authority: path("\(trusted ?? authority).pem")))
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardError = output
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailed(arguments: arguments, output: String(decoding: text, as: UTF8.self))
        }
    }
}
