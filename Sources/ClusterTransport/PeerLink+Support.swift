import Glibc
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import RaftCore
import WireFormat

extension PeerLink {
    func metadata(_ more: Logger.Metadata = [:]) -> Logger.Metadata {
        var metadata = more
        metadata["peer"] = "\(endpoint.name ?? endpoint.address)"
        metadata["address"] = "\(endpoint.address)"
        return metadata
    }

    /// The share of the transport's statistics.
    func statistics(inboundOpen: Bool) -> TransportStatistics.Peer {
        var result = TransportStatistics.Peer(endpoint: knownEndpoint)
        result.endpoint.name = endpoint.name ?? openHello?.memberName
        result.outboundOpen = openHello != nil
        result.programVersion = openHello?.programVersion
        result.inboundOpen = inboundOpen
        result.roundTrip = roundTrip
        result.sentFrames = counters.sentFrames
        result.sentBytes = counters.sentBytes
        result.receivedFrames = counters.receivedFrames
        result.receivedBytes = counters.receivedBytes
        result.droppedFrames = counters.droppedFrames
        result.queuedFrames = queue.count
        result.queuedBytes = queue.bytes
        return result
    }
}

extension Frame {
    /// Whether the next frame of its kind makes it useless.
    var isExpendable: Bool {
        switch self {
        case .ping, .pong: return true
        case .hello, .rejection, .joinRequest, .joinReply, .operatorRequest, .operatorReply: return false
        case .raft(let message, _):
            switch message.body {
            case .heartbeat, .heartbeatReply: return true
            case .preVoteRequest, .preVoteReply, .voteRequest, .voteReply, .append, .appendReply, .timeoutNow, .snapshotChunk,
                .snapshotReply:
                return false
            }
        }
    }
}

/// TCP_USER_TIMEOUT: how long sent bytes may stay unacknowledged, in milliseconds.
let unacknowledgedTimeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)

let connectionRefusedErrno = ECONNREFUSED

/// The monotonic clock, in nanoseconds.
func monotonicNanoseconds() -> Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

/// Whether a dial found a machine where nobody listens: all addresses of the name, when it has several.
func isConnectionRefused(_ error: any Error) -> Bool {
    if let error = error as? IOError { return error.errnoCode == ECONNREFUSED }
    guard let error = error as? NIOConnectionError, !error.connectionErrors.isEmpty else { return false }
    return error.connectionErrors.allSatisfy { isConnectionRefused($0.error) }
}

/// The refusal that a failed handshake amounts to; nil when the connection merely ended.
func tlsRefusal(_ error: any Error) -> Refusal? {
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let stack)) where !stack.contains(.eofDuringHandshake):
        return Refusal(cause: .certificate, text: "the TLS handshake failed: \(stack)")
    case BoringSSLError.sslError(let stack):
        return Refusal(cause: .certificate, text: "TLS failed: \(stack)")
    default: return nil
    }
}
