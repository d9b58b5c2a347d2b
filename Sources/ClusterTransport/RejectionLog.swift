/// Remembers what was logged of rejected connections, so that a peer that tries again every second fills no disk.
struct RejectionLog {
    private var known: Set<Key> = []
    private var order: [Key] = []
    private let maximum: Int

    /// One line is logged for each of these.
    struct Key: Hashable {
        /// The address without its port, which differs from attempt to attempt, for an inbound connection.
        let address: String
        let member: String?
        let kind: String
    }

    init(maximum: Int) { self.maximum = maximum }

    /// Whether this is the first of its kind among the last `maximum` kinds.
    mutating func isNew(_ key: Key) -> Bool {
        guard known.insert(key).inserted else { return false }
        order.append(key)
        if order.count > maximum { known.remove(order.removeFirst()) }
        return true
    }
}
