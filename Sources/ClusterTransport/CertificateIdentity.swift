import NIOSSL

/// Whom a certificate speaks for: its subject alternative URIs of the form `quorum://CLUSTER/node/NAME` (or `agent`).
///
/// Cluster and name are percent-encoded but for letters, digits, `-`, `.`, `_` and `~`.
enum CertificateIdentity {
    /// The URI that a node's certificate must carry.
    static func node(cluster: String, name: String) -> String { "quorum://\(encoded(cluster))/node/\(encoded(name))" }

    /// The subject alternative URIs, in the certificate's order.
    static func uris(of certificate: NIOSSLCertificate) -> [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            guard name.nameType == .uri else { return nil }
            return unsafe name.contents.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Why a certificate does not speak for a node; nil when it does.
    static func refusal(of certificate: NIOSSLCertificate?, cluster: String, name: String) -> Refusal? {
        guard let certificate else { return Refusal(cause: .certificate, text: "no certificate was shown") }
        let expected = node(cluster: cluster, name: name)
        let found = uris(of: certificate)
        if found.contains(expected) { return nil }
        let names = found.isEmpty ? "nobody" : found.prefix(4).joined(separator: ", ")
        return Refusal(cause: .certificate, text: "the certificate speaks for \(names), not for \(expected)")
    }

    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
        return result
    }
}
