import NIOCore
import NIOSSL
import WireFormat

/// The loaded certificates, ready for both sides of a connection.
struct TLSContexts: Sendable {
    let server: NIOSSLContext
    let client: NIOSSLContext
    /// When the own certificate ends, in seconds since 1970.
    let certificateExpirySeconds: Int64

    /// - Throws: `unusableFile` naming the file, `foreignCertificate` when the certificate does not speak for this member.
    init(files: TransportSecurity.TLSFiles, hello: Hello) throws(TransportConfigurationError) {
        let chain = try TLSContexts.certificates(files.certificate)
        let authorities = try TLSContexts.certificates(files.authority)
        let key = try TLSContexts.load(files.key) { try NIOSSLPrivateKey(file: files.key, format: .pem) }
        guard let leaf = chain.first else { throw .unusableFile(path: files.certificate, problem: "holds no certificate") }
        guard !authorities.isEmpty else { throw .unusableFile(path: files.authority, problem: "holds no certificate") }
        let expected = CertificateIdentity.node(cluster: hello.clusterName, name: hello.memberName)
        let found = CertificateIdentity.uris(of: leaf)
        guard found.contains(expected) else { throw .foreignCertificate(path: files.certificate, expected: expected, found: found) }

        var serving = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key), trustRoots: .certificates(authorities))
        serving.minimumTLSVersion = .tlsv12
        serving.shutdownTimeout = .seconds(1)
        var dialling = TLSConfiguration.makeClientConfiguration()
        dialling.certificateChain = chain.map { .certificate($0) }
        dialling.privateKey = .privateKey(key)
        dialling.trustRoots = .certificates(authorities)
        dialling.minimumTLSVersion = .tlsv12
        dialling.shutdownTimeout = .seconds(1)
        // The name in the certificate is a member's, not a host's: checked against the hello.
        dialling.certificateVerification = .noHostnameVerification

        let (server, client) = (serving, dialling)
        self.server = try TLSContexts.load(files.key) { try NIOSSLContext(configuration: server) }
        self.client = try TLSContexts.load(files.key) { try NIOSSLContext(configuration: client) }
        certificateExpirySeconds = Int64(leaf.notValidAfter)
    }

    private static func certificates(_ path: String) throws(TransportConfigurationError) -> [NIOSSLCertificate] {
        try load(path) { try NIOSSLCertificate.fromPEMFile(path) }
    }

    private static func load<Value>(_ path: String, _ body: () throws -> Value) throws(TransportConfigurationError) -> Value {
        do {
            return try body()
        } catch {
            throw .unusableFile(path: path, problem: "\(error)")
        }
    }
}
