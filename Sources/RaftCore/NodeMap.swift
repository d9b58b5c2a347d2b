/// A map from node to value, sorted by node.
///
/// `Dictionary` enumerates in an order that differs from process to process; pure code must not. A cluster has few nodes, so a sorted
/// array serves: look-up in O(log n), insertion and removal in O(n). Inlinable, since without specialisation a look-up from another
/// module costs some thousand instructions.
public struct NodeMap<Value> {
    @usableFromInline var storage: [(id: NodeID, value: Value)] = []

    /// An empty map.
    @inlinable public init() {}

    /// The nodes, ascending.
    @inlinable public var nodes: [NodeID] { storage.map(\.id) }

    /// The values, in ascending order of their nodes.
    @inlinable public var values: [Value] { storage.map(\.value) }

    /// How many nodes the map holds.
    @inlinable public var count: Int { storage.count }

    @inlinable public var isEmpty: Bool { storage.isEmpty }

    /// Whether the map holds a node; its value is not copied, as a look-up would.
    @inlinable public func contains(_ id: NodeID) -> Bool {
        let position = position(of: id)
        return position < storage.count && storage[position].id == id
    }

    /// The value of a node; assigning nil removes the node.
    @inlinable public subscript(id: NodeID) -> Value? {
        get {
            let position = position(of: id)
            return position < storage.count && storage[position].id == id ? storage[position].value : nil
        }
        set {
            let position = position(of: id)
            let found = position < storage.count && storage[position].id == id
            switch (found, newValue) {
            case (true, let value?): storage[position].value = value
            case (true, nil): storage.remove(at: position)
            case (false, let value?): storage.insert((id, value), at: position)
            case (false, nil): break
            }
        }
    }

    /// The value of a node, or a default that is stored when a change is made through it.
    @inlinable public subscript(id: NodeID, default fallback: @autoclosure () -> Value) -> Value {
        get { self[id] ?? fallback() }
        set { self[id] = newValue }
    }

    /// Removes every node for which the condition does not hold.
    @inlinable public mutating func keep(where condition: (NodeID, Value) -> Bool) {
        storage.removeAll { !condition($0.id, $0.value) }
    }

    /// Changes every value in place, in ascending order of their nodes.
    @inlinable public mutating func updateEach(_ change: (NodeID, inout Value) -> Void) {
        for position in storage.indices { change(storage[position].id, &storage[position].value) }
    }

    @inlinable func position(of id: NodeID) -> Int {
        var low = 0
        var high = storage.count
        while low < high {
            let middle = (low + high) / 2
            if storage[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension NodeMap: Sequence {
    @inlinable public func makeIterator() -> IndexingIterator<[(id: NodeID, value: Value)]> { storage.makeIterator() }
}

extension NodeMap: Equatable where Value: Equatable {
    @inlinable public static func == (lhs: NodeMap, rhs: NodeMap) -> Bool {
        lhs.storage.count == rhs.storage.count && zip(lhs.storage, rhs.storage).allSatisfy { $0.id == $1.id && $0.value == $1.value }
    }
}

extension NodeMap: Sendable where Value: Sendable {}
