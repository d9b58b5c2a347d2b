import NIOCore

/// The frames that wait for one peer, bounded in number and bytes.
///
/// When it is full the oldest frame that the next of its kind makes useless goes first (a ping, a heartbeat), then the oldest of all:
/// consensus repeats what is lost, and newer frames tell more.
struct OutboundQueue {
    private var items: CircularBuffer<Item> = []
    private var expendables = 0
    private(set) var bytes = 0
    private let maximumFrames: Int
    private let maximumBytes: Int

    struct Item {
        var buffer: ByteBuffer
        var expendable: Bool
    }

    init(maximumFrames: Int, maximumBytes: Int) {
        self.maximumFrames = maximumFrames
        self.maximumBytes = maximumBytes
    }

    var count: Int { items.count }

    /// Adds a frame at the end. O(1), or O(count) when the queue is full.
    ///
    /// - Returns: how many frames were dropped to make room; the new one itself counts when it alone is too large.
    mutating func append(_ item: Item) -> Int {
        guard item.buffer.readableBytes <= maximumBytes else { return 1 }
        var dropped = 0
        while items.count >= maximumFrames || bytes + item.buffer.readableBytes > maximumBytes {
            dropOldest()
            dropped += 1
        }
        items.append(item)
        bytes += item.buffer.readableBytes
        if item.expendable { expendables += 1 }
        return dropped
    }

    /// Takes the frame at the front.
    mutating func popFirst() -> ByteBuffer? {
        guard let item = items.popFirst() else { return nil }
        forget(item)
        return item.buffer
    }

    /// Empties the queue.
    ///
    /// - Returns: how many frames that dropped.
    mutating func removeAll() -> Int {
        let dropped = items.count
        items.removeAll()
        expendables = 0
        bytes = 0
        return dropped
    }

    private mutating func dropOldest() {
        if expendables > 0, let position = items.firstIndex(where: \.expendable) {
            forget(items.remove(at: position))
        } else if let item = items.popFirst() {
            forget(item)
        }
    }

    private mutating func forget(_ item: Item) {
        bytes -= item.buffer.readableBytes
        if item.expendable { expendables -= 1 }
    }
}
