import Foundation

/// Authorities and members' certificates, made by the `openssl` command in a temporary folder that goes with it.
public final class CertificateFolder: Sendable {
    private let folder: String

    /// What a member is given, as paths of PEM files.
    public struct Files: Sendable {
        public let certificate: String
        public let key: String
        public let authority: String

        /// The flags that name them.
        public var flags: [String] {
            [
                "--cluster.tls-certificate=\(certificate)", "--cluster.tls-key=\(key)", "--cluster.tls-authority=\(authority)",
            ]
        }
    }

    public init() throws { folder = try TemporaryFolder.make() }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("left behind: \(folder): \(error)")
        }
    }

    /// Makes a self-signed authority, for 30 days.
    /// - Throws: `HarnessError` with what the command said.
    public func makeAuthority(_ name: String) throws {
        try openssl(
            ["req", "-x509"] + CertificateFolder.newKey + ["-days", "30", "-subj", "/CN=\(name)"]
                + ["-keyout", path("\(name).key"), "-out", path("\(name).pem")])
    }

    /// A certificate with one subject alternative URI, for `days`, and the files a member with it is given.
    /// - Parameters:
    ///   - authority: who signs it.
    ///   - trusted: the authority the member trusts; the same one when nil.
    /// - Throws: `HarnessError` with what the command said.
    public func issue(
        _ file: String, uri: String, by authority: String, trusting trusted: String? = nil, days: Int = 10
    ) throws -> Files {
        let extensions = path("\(file).ext")
        try Data("subjectAltName=URI:\(uri)\nextendedKeyUsage=serverAuth,clientAuth\n".utf8).write(to: URL(filePath: extensions))
        try openssl(
            ["req"] + CertificateFolder.newKey
                + ["-subj", "/CN=\(file)", "-keyout", path("\(file).key"), "-out", path("\(file).csr")])
        try openssl([
            "x509", "-req", "-in", path("\(file).csr"), "-CA", path("\(authority).pem"), "-CAkey", path("\(authority).key"),
            "-CAcreateserial", "-days", "\(days)", "-extfile", extensions, "-out", path("\(file).pem"),
        ])
        return Files(certificate: path("\(file).pem"), key: path("\(file).key"), authority: path("\(trusted ?? authority).pem"))
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func openssl(_ arguments: [String]) throws { try SystemCommand.run(["openssl"] + arguments) }
}
