import NIOCore
import RaftCore
import WireFormat

/// The connection this node dials to one peer, on which it sends everything for that peer; confined to the event loop.
///
/// The queue exists while a dial or a connection does. While the link waits for its next dial, frames are dropped: what consensus has to
/// say after the wait is not what it had to say before.
final class PeerLink {
    /// Keeps its links as well, until it stops them: a link whose channel lives never loses its core.
    let core: TransportCore
    var endpoint: PeerEndpoint
    /// The identity that the last accepted hello showed.
    var learned: NodeID?
    var state = State.idle
    var roundTrip: Duration?
    var counters = Counters()
    var queue: OutboundQueue
    var backoff: Backoff
    /// Tells the outcome of the present dial from those that were given up.
    var attempt: UInt64 = 0
    var pings = PingTable()
    var drainScheduled = false
    var failureLogged = false

    enum State {
        /// Before the first dial, and once stopped.
        case idle
        case dialling
        /// Connected; the hellos are under way.
        case greeting(Connection)
        case open(Connection, Hello)
        case waiting(Scheduled<Void>)
    }

    struct Counters {
        var sentFrames: UInt64 = 0
        var sentBytes: UInt64 = 0
        var receivedFrames: UInt64 = 0
        var receivedBytes: UInt64 = 0
        var droppedFrames: UInt64 = 0
    }

    init(core: TransportCore, endpoint: PeerEndpoint) {
        self.core = core
        self.endpoint = endpoint
        let limits = core.configuration.limits
        queue = OutboundQueue(maximumFrames: limits.queuedFrames, maximumBytes: limits.queuedBytes)
        backoff = Backoff(maximum: core.configuration.timing.maximumBackoff)
    }

    /// The peer's identity as configured, else as its hello showed it.
    var id: NodeID? { endpoint.id ?? learned }

    /// The peer's endpoint with all that is known of it.
    var knownEndpoint: PeerEndpoint { PeerEndpoint(id: id, name: endpoint.name, address: endpoint.address) }

    var openHello: Hello? {
        if case .open(_, let hello) = state { return hello }
        return nil
    }
}
