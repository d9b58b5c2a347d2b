import RaftCore

/// A 64-bit running hash, the same in every process and on every platform.
struct Digest: Equatable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ word: UInt64) {
        let mixed = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
        value = mixed << 29 | mixed >> 35
    }

    mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        var word: UInt64 = 0
        var filled: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << (8 * filled)
            filled += 1
            guard filled == 8 else { continue }
            add(word)
            word = 0
            filled = 0
        }
        if filled > 0 { add(word) }
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// What an entry holds.
    static func of(_ content: LogEntry.Content) -> UInt64 {
        var digest = Digest()
        switch content {
        case .noop: digest.add(0)
        case .command(let bytes):
            digest.add(2)
            digest.add(bytes)
        case .membership(let membership):
            digest.add(1)
            digest.add(membership.clusterID.high)
            digest.add(membership.clusterID.low)
            for member in membership.members {
                digest.add(member.id.rawValue)
                digest.add(UInt64(member.role.rawValue))
                digest.add(member.name)
                digest.add(member.address)
                digest.add(member.webURL)
                digest.add(member.extra)
            }
            digest.add(membership.extra)
        }
        return digest.value
    }
}
