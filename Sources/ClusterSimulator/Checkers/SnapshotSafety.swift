import ClusterHealth
import RaftCore
import WireFormat

/// A snapshot covers only what is committed and, when it is of the own state, durable here; and it holds the state that was applied there.
/// Source: Raft, extended version, §7.
struct SnapshotSafety {
    private(set) var taken = 0
    private(set) var installed = 0

    /// A snapshot is handed to the disk.
    ///
    /// - Parameter canonical: the view as applied at its position, when it is known.
    mutating func handedOut(
        _ write: SnapshotWrite, _ id: NodeID, _ ledger: Ledger, _ disk: Ledger.TrueDisk, canonical: ClusterHealthView?
    ) throws(Violation) {
        let position = write.snapshot.position
        guard ledger.isCommitted(position.index.rawValue, term: position.term.rawValue) else {
            throw Violation("snapshot", "\(id) stores a snapshot of \(position), committed is \(ledger.committedIndex)")
        }
        let governing = ledger.configurations.history.last { $0.index <= position.index.rawValue }
        guard write.snapshot.membership == governing?.membership, write.snapshot.membershipIndex.rawValue == governing?.index else {
            throw Violation("snapshot", "\(id) stores a snapshot of \(position) with another configuration than governs there")
        }
        switch write.log {
        case .keep(let index):
            taken += 1
            guard position.index.rawValue <= disk.lastIndex, index <= position.index else {
                throw Violation(
                    "snapshot", "\(id) compacts through \(index) by a snapshot of \(position), its disk ends at \(disk.lastIndex)")
            }
        case .replace:
            installed += 1
            guard position.index > disk.snapshot?.index ?? .zero else {
                throw Violation("snapshot", "\(id) installs a snapshot of \(position) over a newer one")
            }
        }
        guard let canonical else { return }
        do throws(WireFormatError) {
            guard try SnapshotCoding.decode(write.snapshot.bytes) == canonical else {
                throw WireFormatError.malformed(what: "another view than was applied there")
            }
        } catch {
            throw Violation("snapshot", "\(id) stores a snapshot of \(position): \(error)")
        }
    }
}
