/// A text form of a scrape.
public enum TextFormat: String, Sendable, Equatable, CaseIterable {
    /// The Prometheus text format, version 0.0.4.
    case text
    /// OpenMetrics, version 1.0.0.
    case openMetrics

    /// The value of `Content-Type`. Prometheus 3 fails a scrape whose content type it does not know.
    public var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// What ends a scrape, after its last family: nothing, or OpenMetrics' line by which a reader sees that the text is whole.
    public var terminator: [UInt8] {
        switch self {
        case .text: []
        case .openMetrics: Array("# EOF\n".utf8)
        }
    }

    /// Renders families, in the given order, without the terminator. Families without series leave no trace.
    public func block(of families: [MetricFamily]) -> ExpositionBlock {
        var writer = ExpositionWriter(format: self, families: families)
        for family in families { writer.write(family) }
        return ExpositionBlock(format: self, bytes: writer.bytes)
    }

    /// Renders families as a whole scrape, terminator included.
    public func render(_ families: [MetricFamily]) -> [UInt8] {
        block(of: families).bytes + terminator
    }

    /// Joins blocks to a whole scrape, in the given order, with the terminator at the end.
    ///
    /// No family may be in two blocks: its series would not be contiguous.
    /// - Throws: `ExpositionError.mixedFormats` when a block is of another format.
    public func join(_ blocks: [ExpositionBlock]) throws(ExpositionError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blocks.reduce(terminator.count) { $0 + $1.bytes.count })
        for block in blocks {
            guard block.format == self else { throw .mixedFormats(expected: self, found: block.format) }
            bytes.append(contentsOf: block.bytes)
        }
        bytes.append(contentsOf: terminator)
        return bytes
    }
}

/// Some families of a scrape, rendered, to be kept and joined with others later.
public struct ExpositionBlock: Sendable, Equatable {
    /// The form of the text.
    public let format: TextFormat
    /// The text; whole lines, never the terminator.
    public let bytes: [UInt8]
}
