import ClusterHealth
import NodeReplica
import RaftCore

/// What can be due at an instant of virtual time. A process is meant by its machine's slot and its boot's number: what was meant for an
/// earlier process finds nobody.
enum SimulatedEvent {
    case deliver(Delivery)
    case timer(slot: Int, boot: UInt32)
    case written(slot: Int, boot: UInt32)
    case sample(slot: Int, boot: UInt32)
    case ping(slot: Int, boot: UInt32)
    case dial(from: Int, to: Int, attempt: UInt32)
    /// An end of a connection learns that it is gone.
    case closed(from: Int, to: Int, connection: UInt32, atDialer: Bool)
    /// A connection whose path is cut has gone without an acknowledgement for too long, if it still is.
    case unacknowledged(from: Int, to: Int, connection: UInt32)
    case start(slot: Int)
    case thaw(slot: Int, boot: UInt32)
    case stopWaited(slot: Int, boot: UInt32)
    case encoded(slot: Int, boot: UInt32, SnapshotRequest)
    case fault(position: Int)
    case faultEnds(number: Int)
    case scrape
    case abandon(slot: Int, boot: UInt32, ticket: UInt64)
    case phaseEnds(number: Int)
    case askToJoin(slot: Int, boot: UInt32)
    case joinArrives(Membership.Member, at: Int, boot: UInt32)
    /// The operator wants a change of whoever leads there now.
    case hastyChange(slot: Int, boot: UInt32)
    case abandonRequest(slot: Int, boot: UInt32, ticket: UInt64)
}

/// One frame on its way from one process to another.
struct Delivery {
    var from: Int
    var sender: NodeID
    var to: Int
    var connection: UInt32
    var content: Content

    enum Content {
        case message(Message, HealthAttachment?)
        /// The same as bytes.
        case bytes([UInt8])
        case ping(sentLocal: Int64)
        case pong(echoedLocal: Int64)
    }
}
