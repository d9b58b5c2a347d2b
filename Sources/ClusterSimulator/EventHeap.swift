/// A priority queue of events by virtual time; those of one instant leave in the order they came.
///
/// Keys are small and move; events stay in their slots, since they hold references that are dear to move.
///
/// - Complexity: O(log n) for each operation.
struct EventHeap<Event> {
    private var keys: [Key] = []
    private var events: [Event?] = []
    private var freeSlots: [Int32] = []
    private var lastSequence: UInt64 = 0

    private struct Key {
        var at: Int64
        var sequence: UInt64
        var slot: Int32

        static func < (lhs: Key, rhs: Key) -> Bool { lhs.at != rhs.at ? lhs.at < rhs.at : lhs.sequence < rhs.sequence }
    }

    var count: Int { keys.count }

    /// When the next event is due, in virtual nanoseconds; nil when there is none.
    var nextInstant: Int64? { keys.first?.at }

    /// Adds an event at an instant, in virtual nanoseconds.
    mutating func push(_ event: Event, at instant: Int64) {
        lastSequence += 1
        let slot: Int32
        if let free = freeSlots.popLast() {
            slot = free
            events[Int(free)] = event
        } else {
            slot = Int32(events.count)
            events.append(event)
        }
        keys.append(Key(at: instant, sequence: lastSequence, slot: slot))
        siftUp()
    }

    /// Takes the earliest event and its instant.
    mutating func pop() -> (at: Int64, event: Event)? {
        guard let first = keys.first, let last = keys.popLast() else { return nil }
        if !keys.isEmpty {
            keys[0] = last
            siftDown()
        }
        guard let event = events[Int(first.slot)].take() else { return nil }
        freeSlots.append(first.slot)
        return (first.at, event)
    }

    private mutating func siftUp() {
        var child = keys.count - 1
        let key = keys[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard key < keys[parent] else { break }
            keys[child] = keys[parent]
            child = parent
        }
        keys[child] = key
    }

    private mutating func siftDown() {
        let key = keys[0]
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < keys.count else { break }
            if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
            guard keys[child] < key else { break }
            keys[parent] = keys[child]
            parent = child
        }
        keys[parent] = key
    }
}
