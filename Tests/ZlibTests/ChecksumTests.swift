import Testing
import Zlib

@Suite struct ChecksumTests {
    @Test func theCheckValueOfTheStandardComesOut() {
        #expect(crc32(Array("123456789".utf8)) == 0xcbf4_3926)
        #expect(crc32([]) == 0)
    }

    @Test func aChecksumGoesOnFromASeedAndJoinsFromItsParts() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = crc32(bytes)
        for cut in [0, 1, 7, 500, 999, 1_000] {
            let head = Array(bytes[..<cut])
            let tail = Array(bytes[cut...])
            #expect(crc32(tail, seed: crc32(head)) == whole)
            #expect(crc32(joining: crc32(head), crc32(tail), secondCount: tail.count) == whole)
        }
    }

    @Test func everySingleFlippedBitChangesTheChecksum() {
        var bytes = (0..<64).map { UInt8($0) }
        let whole = crc32(bytes)
        for bit in 0..<(bytes.count * 8) {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(crc32(bytes) != whole)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }
}
