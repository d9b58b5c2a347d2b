/// One gzip member out of blocks that were compressed earlier, each on its own.
///
/// Not several members in a row: curl rejects those. The checksum is combined from the blocks' own, so nothing is read again.
///
/// - Parameter blocks: in the order of the text; may be empty.
/// - Returns: header, blocks, an empty last block, checksum and length. No time stamp and no name: the same blocks give the same bytes.
/// - Throws: `ZlibError.tooLarge` over `maximumGzipCount` uncompressed bytes.
/// - Complexity: O(bytes of the blocks).
///
/// Source: RFC 1952, RFC 1951 §3.2.3.
public func gzip(joining blocks: [DeflatedBlock]) throws(ZlibError) -> [UInt8] {
    let total = blocks.reduce(0) { $0 + $1.uncompressedCount }
    guard total <= maximumGzipCount else { throw .tooLarge(count: total, limit: maximumGzipCount) }
    var checksum: UInt32 = 0
    var body: [UInt8] = []
    body.reserveCapacity(blocks.reduce(gzipHeader.count + lastEmptyBlock.count + 8) { $0 + $1.bytes.count })
    body += gzipHeader
    for block in blocks {
        body += block.bytes
        checksum = crc32(joining: checksum, block.crc32, secondCount: block.uncompressedCount)
    }
    body += lastEmptyBlock
    appendLittleEndian(checksum, to: &body)
    appendLittleEndian(UInt32(total), to: &body)
    return body
}

/// Compresses bytes into one gzip member.
///
/// - Throws: `ZlibError.tooLarge` over `Deflater.maximumBlockCount` bytes, `ZlibError.outOfMemory`.
public func gzip(_ bytes: [UInt8]) throws(ZlibError) -> [UInt8] {
    try gzip(joining: [deflate(bytes)])
}

/// How many uncompressed bytes a gzip member made here may hold: 1 GiB.
public let maximumGzipCount = 1 << 30

/// Magic, deflate, no flags, no time, "fastest" (4), Unix (3).
private let gzipHeader: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]

/// A block with fixed codes that holds only its end, marked as the stream's last: bits 1, 01, 0000000, then padding.
private let lastEmptyBlock: [UInt8] = [0x03, 0x00]

private func appendLittleEndian(_ value: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
}
