import WireFormat

/// Why a connection is cut off by this side; the label `reason` of `quorum_transport_rejected_connections_total`.
public enum RejectionCause: String, Equatable, Sendable, CaseIterable {
    /// Bytes that are no frame, or a frame out of place.
    case garbage
    /// A frame longer than allowed.
    case oversized
    case protocolVersion = "protocol_version"
    case clusterName = "cluster_name"
    case clusterID = "cluster_id"
    /// Another member than the one expected there, a name of this very node, or a role that does not take part.
    case memberName = "member_name"
    /// The name belongs to another incarnation: the member lost its store.
    case incarnation
    /// A node that is no member would be dialled where a member is.
    case address
    /// It belonged to the cluster, and is no member now.
    case removed
    /// No certificate of the authority, or one that names another cluster, role or member.
    case certificate
    /// Plaintext where TLS is spoken.
    case plaintext
    /// TLS where plaintext is spoken.
    case unexpectedTLS = "unexpected_tls"
    case tooManyConnections = "too_many_connections"
    /// No valid hello in time.
    case helloTimeout = "hello_timeout"
    /// The node reached itself.
    case selfConnection = "self_connection"

    /// The reason as the other side is told.
    var wireReason: Rejection.Reason {
        switch self {
        case .garbage, .oversized, .plaintext, .unexpectedTLS, .helloTimeout: return .malformed
        case .protocolVersion: return .protocolVersion
        case .clusterName, .clusterID: return .otherCluster
        case .memberName, .address, .selfConnection: return .unknownMember
        case .incarnation: return .nameTaken
        case .removed: return .removed
        case .certificate: return .certificateMismatch
        case .tooManyConnections: return .tooManyConnections
        }
    }
}

/// A verdict against a connection.
struct Refusal: Error, Equatable {
    let cause: RejectionCause
    let text: String

    static let noHello = Refusal(cause: .garbage, text: "the first frame is no hello")
}
