import Synchronization

/// A text shared between threads.
final class SharedText: Sendable {
    private let storage = Mutex("")

    var text: String {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}
