import Logging
import NIOCore
import RaftCore
import WireFormat

/// Frames out: queued, then handed to the socket as fast as it takes them.
extension PeerLink {
    /// Queues a frame, or drops it when there is nothing to queue it for. Never waits.
    func send(_ frame: Frame) {
        switch state {
        case .idle, .waiting:
            counters.droppedFrames += 1
            return
        case .dialling, .greeting, .open: break
        }
        let bytes = FrameCoding.encode(frame)
        guard bytes.count <= core.configuration.limits.frameBytes else {
            counters.droppedFrames += 1
            core.logger.error("a frame above the limit is dropped", metadata: metadata(["bytes": "\(bytes.count)"]))
            return
        }
        let buffer = FrameDecoder.framed(bytes, allocator: core.allocator)
        counters.droppedFrames += UInt64(queue.append(OutboundQueue.Item(buffer: buffer, expendable: frame.isExpendable)))
        scheduleDrain()
    }

    func ping() {
        guard case .open = state else { return }
        let sent = monotonicNanoseconds()
        send(.ping(Ping(sequence: pings.begin(at: sent), sentNanoseconds: sent)))
    }

    /// The peer answered a ping of ours.
    ///
    /// - Returns: the time since it was sent; nil when it answers none of the last that were sent on this link.
    func answered(_ pong: Pong) -> Duration? {
        guard let elapsed = pings.end(pong.sequence, at: monotonicNanoseconds()) else { return nil }
        roundTrip = elapsed
        return elapsed
    }

    /// What is sent within one turn of the event loop leaves in one system call.
    func scheduleDrain() {
        guard !drainScheduled, case .open = state else { return }
        drainScheduled = true
        core.eventLoop.assumeIsolated().execute { [self] in
            drainScheduled = false
            drain()
        }
    }

    func drain() {
        guard case .open(let connection, _) = state else { return }
        let channel = connection.channel
        var unflushed = 0
        while channel.isWritable, let buffer = queue.popFirst() {
            counters.sentFrames += 1
            counters.sentBytes += UInt64(buffer.readableBytes)
            unflushed += buffer.readableBytes
            channel.write(buffer, promise: nil)
            // TLS takes everything until the flush: only then does the channel know whether it is full.
            if unflushed >= 64 << 10 {
                channel.flush()
                unflushed = 0
            }
        }
        if unflushed > 0 { channel.flush() }
    }
}
