/// A 64-bit checksum over words and bytes.
///
/// Each step is a bijection of the running value for a fixed word, and of the word for a fixed running value. So two inputs that differ in
/// one 8-byte word only never have the same checksum, and with it every single flipped bit is seen; other differences escape with a
/// probability of 2⁻⁶⁴. It guards against damage, not against forgery.
public struct WordChecksum: Equatable, Sendable {
    @usableFromInline var state: UInt64

    /// - Parameter purpose: what is summed: equal words for different purposes give different sums.
    @inlinable public init(purpose: UInt64) {
        state = 0xcbf2_9ce4_8422_2325
        add(purpose)
    }

    /// Adds a word.
    @inlinable public mutating func add(_ word: UInt64) {
        let mixed = (state ^ word) &* 0x9e37_79b9_7f4a_7c15
        state = mixed << 29 | mixed >> 35
    }

    /// Adds how many bytes there are, then the bytes as little-endian words, the last one filled up with zeros.
    @inlinable public mutating func add(_ bytes: [UInt8]) {
        add(UInt64(bytes.count))
        var position = 0
        while position + 8 <= bytes.count {
            var word: UInt64 = 0
            for offset in 0..<8 { word |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
            add(word)
            position += 8
        }
        guard position < bytes.count else { return }
        var word: UInt64 = 0
        for offset in 0..<(bytes.count - position) { word |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
        add(word)
    }

    /// The sum of all that was added.
    @inlinable public var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93
        return mixed ^ mixed >> 32
    }
}
