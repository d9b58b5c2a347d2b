import NIOConcurrencyHelpers
import NIOCore

/// The connections that are open, so that they can be closed when a shutdown's grace has ended. As many as the listeners accept.
final class ConnectionRegistry: Sendable {
    private let channels = NIOLockedValueBox<[ObjectIdentifier: any Channel]>([:])

    /// Remembers a connection until it closes.
    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        channels.withLockedValue { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in self.channels.withLockedValue { $0[key] = nil } }
    }

    /// How many are open.
    var count: Int { channels.withLockedValue(\.count) }

    /// Closes all, whatever is on its way.
    func closeAll() {
        for channel in channels.withLockedValue({ Array($0.values) }) {
            channel.triggerUserOutboundEvent(ConnectionDeadlines.CloseNow(), promise: nil)
        }
    }
}
