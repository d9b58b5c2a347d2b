package import RaftCore

/// Stands between writing and sending: one batch is on its way to the store, what gathers meanwhile is the next one, and messages
/// leave only once the write they belong to is durable.
package struct WriteGate: Equatable, Sendable {
    private var gathered: [StorageWrite] = []
    private var inFlight: StorageBatch?

    package init() {}

    var isIdle: Bool { inFlight == nil && gathered.isEmpty }

    /// Takes the core's next write.
    package mutating func add(_ write: StorageWrite) {
        invariant((gathered.last?.number ?? inFlight?.number).map { $0 < write.number } ?? true, "write \(write.number) out of order")
        gathered.append(write)
    }

    /// The next step, if one can be taken now.
    package mutating func next() -> Step? {
        guard inFlight == nil, let last = gathered.last else { return nil }
        let batch = StorageBatch(number: last.number, writes: gathered)
        gathered = []
        // Writes of nothing only keep their messages behind those before them, and those are durable.
        if batch.writes.allSatisfy({ $0.hardState == nil && $0.snapshot == nil && $0.entries.isEmpty }) { return .durable(batch) }
        inFlight = batch
        return .store(batch)
    }

    /// The batch under way is durable. Nil when another number was confirmed, which the caller must treat as its own mistake.
    package mutating func confirmed(_ number: WriteNumber) -> StorageBatch? {
        guard let batch = inFlight, batch.number == number else { return nil }
        inFlight = nil
        return batch
    }

    package enum Step: Equatable {
        /// Hand it to the store.
        case store(StorageBatch)
        /// Nothing to store: it is durable already.
        case durable(StorageBatch)
    }
}
