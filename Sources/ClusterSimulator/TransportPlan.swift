/// The waits of the connections, in nanoseconds.
///
/// Heartbeats and elections are up to twenty times as fast as in production, so that a run holds more of them. Where these waits are as
/// they are in production, they show what happens when a connection is gone for many election timeouts; where they are as fast as the
/// rest, none of them covers up how long consensus takes to recover.
struct TransportPlan: Sendable {
    private let scale: Int64

    /// - Parameter heartbeat: to be as fast as; nil for the waits of production.
    init(asFastAs heartbeat: Int64?) { scale = heartbeat ?? TransportPlan.productionHeartbeat }

    private static let productionHeartbeat = 100 * RunPlan.millisecond

    private func scaled(_ milliseconds: Int64) -> Int64 {
        milliseconds * scale / (TransportPlan.productionHeartbeat / RunPlan.millisecond)
    }

    /// The wait before the second dial of a row, and the longest.
    var firstBackoff: Int64 { scaled(10) }
    var maximumBackoff: Int64 { scaled(800) }
    /// A dial into nothing is given up after so long.
    var connectTimeout: Int64 { scaled(1_000) }
    /// A connection whose path is cut is given up after so long.
    var unacknowledgedTimeout: Int64 { scaled(1_500) }
    /// A lost packet of a connection is sent again after so long.
    var retransmission: Int64 { scaled(200) }
    /// An acceptor that hears nothing more closes after so long.
    var inboundSilence: Int64 { scaled(30_000) }
    /// What the liveness bound allows for finding each other again.
    var reunion: Int64 { scaled(2_000) }
}
