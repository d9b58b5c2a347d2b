/// The parts of one snapshot received so far, without a gap from the start.
struct SnapshotAssembly: Equatable, Sendable {
    let position: LogPosition
    let membership: Membership
    let membershipIndex: LogIndex
    let checksum: UInt64
    let totalBytes: Int
    private(set) var bytes: [UInt8] = []

    /// An empty assembly of the snapshot that a chunk is a part of.
    init(for chunk: SnapshotChunk) {
        position = chunk.position
        membership = chunk.membership
        membershipIndex = chunk.membershipIndex
        checksum = chunk.checksum
        totalBytes = chunk.totalBytes
    }

    /// Whether a chunk is a part of this snapshot, whoever sends it.
    func isOf(_ chunk: SnapshotChunk) -> Bool {
        position == chunk.position && checksum == chunk.checksum && totalBytes == chunk.totalBytes
            && membershipIndex == chunk.membershipIndex && membership == chunk.membership
    }

    var isComplete: Bool { bytes.count == totalBytes }

    /// Takes what of a chunk continues the bytes held; one that leaves a gap, or brings nothing new, changes nothing.
    mutating func add(_ chunk: SnapshotChunk) {
        let known = bytes.count - chunk.offset
        guard known >= 0, known < chunk.bytes.count else { return }
        bytes += chunk.bytes[known...]
    }

    /// The snapshot, when its checksum is the one announced; nil for bytes that were damaged on the way or at the sender.
    var snapshot: Snapshot? {
        let snapshot = Snapshot(position: position, membership: membership, membershipIndex: membershipIndex, bytes: bytes)
        return snapshot.checksum == checksum ? snapshot : nil
    }
}
