import CZlib

/// The CRC-32 of bytes, as gzip, PNG and Ethernet use it.
///
/// - Parameters:
///   - bytes: any number of bytes.
///   - seed: the checksum of the bytes before them, or 0 at the start.
/// - Returns: the checksum of the bytes before and these together.
public func crc32(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
    crc32(bytes.span, seed: seed)
}

/// The CRC-32 of borrowed bytes; see ``crc32(_:seed:)-([UInt8],_)``.
public func crc32(_ bytes: Span<UInt8>, seed: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return seed }
        return UInt32(truncatingIfNeeded: unsafe CZlib.crc32_z(UInt(seed), base, buffer.count))
    }
}

/// The CRC-32 of two runs of bytes put together, from the checksum of each.
///
/// - Parameters:
///   - first: the checksum of the first run.
///   - second: the checksum of the second run.
///   - secondCount: how many bytes the second run has, 0 or more.
/// - Complexity: O(log `secondCount`).
public func crc32(joining first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32_combine(UInt(first), UInt(second), secondCount))
}
