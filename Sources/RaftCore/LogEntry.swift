/// One entry of the log.
///
/// Source: Raft, extended version, §5.3.
public struct LogEntry: Equatable, Sendable {
    /// Its position, from 1.
    public let index: LogIndex
    /// The term of the leader that created it, from 1.
    public let term: Term
    public let content: Content

    /// What an entry holds. A command is bytes: the core is not generic, and bytes kept verbatim keep checksums and unknown fields.
    public enum Content: Equatable, Sendable {
        /// Nothing: a leader's first entry, which lets it commit those of earlier terms (§8).
        case noop
        /// The configuration that governs from this entry on, as soon as it is appended (thesis §4.1).
        case membership(Membership)
        /// A command to the state machine.
        case command([UInt8])
    }

    public init(index: LogIndex, term: Term, content: Content) {
        self.index = index
        self.term = term
        self.content = content
    }

    /// Bytes the entry is charged with against the limits of messages and queues: its command's plus a fixed overhead.
    public var size: Int {
        switch content {
        case .noop: return LogEntry.overhead
        case .membership(let membership):
            return membership.members.reduce(LogEntry.overhead + 16) {
                $0 + 32 + $1.name.utf8.count + $1.address.utf8.count + $1.webURL.utf8.count
            }
        case .command(let bytes): return LogEntry.overhead + bytes.count
        }
    }

    private static let overhead = 24
}
