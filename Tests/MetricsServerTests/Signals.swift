import NIOConcurrencyHelpers

/// Something that happens a number of times and can be awaited.
final class Signal: Sendable {
    private struct State {
        var count = 0
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = NIOLockedValueBox(State())

    /// How often it has happened.
    var count: Int { state.withLockedValue(\.count) }

    /// It happens once more.
    func fire() {
        let ready = state.withLockedValue { state in
            state.count += 1
            let ready = state.waiting.filter { $0.count <= state.count }
            state.waiting.removeAll { $0.count <= state.count }
            return ready
        }
        for one in ready { one.continuation.resume() }
    }

    /// Returns when it has happened `count` times. Tests that could wait for ever have a time limit.
    func wait(for count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let already = state.withLockedValue { state in
                if state.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if already { continuation.resume() }
        }
    }
}

/// A list that any thread may add to.
final class Collected<Element: Sendable>: Sendable {
    private let elements = NIOLockedValueBox<[Element]>([])
    let added = Signal()

    var all: [Element] { elements.withLockedValue(\.self) }

    func add(_ element: Element) {
        elements.withLockedValue { $0.append(element) }
        added.fire()
    }
}
