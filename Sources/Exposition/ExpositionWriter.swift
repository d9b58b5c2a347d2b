/// Writes families into one growing buffer: the name is rendered once a family, the labels once a member, so a sample costs two copies
/// and its number.
struct ExpositionWriter {
    let format: TextFormat
    private(set) var bytes: [UInt8] = []

    init(format: TextFormat, families: [MetricFamily]) {
        self.format = format
        bytes.reserveCapacity(Self.estimatedSize(of: families))
    }

    mutating func write(_ family: MetricFamily) {
        guard family.points.seriesCount > 0 else { return }
        writeHeader(of: family)
        switch family.points {
        case .counter(let samples), .gauge(let samples), .info(let samples): write(samples, of: family)
        case .histogram(let series): for one in series { write(one, of: family) }
        }
    }

    /// OpenMetrics names a counter's family without `_total`; text 0.0.4 knows no family but the sample's name.
    private mutating func writeHeader(of family: MetricFamily) {
        switch format {
        case .text:
            writeComment("# HELP ", family.name[...])
            bytes.appendEscaped(family.help, quotes: false)
            bytes.append(0x0A)
            writeComment("# TYPE ", family.name[...])
            bytes.append(contentsOf: family.type.keyword.utf8)
        case .openMetrics:
            let name = family.openMetricsName
            writeComment("# TYPE ", name)
            bytes.append(contentsOf: family.type.keyword.utf8)
            bytes.append(0x0A)
            if let unit = family.unit {
                writeComment("# UNIT ", name)
                bytes.append(contentsOf: unit.utf8)
                bytes.append(0x0A)
            }
            writeComment("# HELP ", name)
            bytes.appendEscaped(family.help, quotes: true)
        }
        bytes.append(0x0A)
    }

    private mutating func writeComment(_ start: StaticString, _ name: Substring) {
        bytes.append(contentsOf: start.description.utf8)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x20)
    }

    /// The hot loop: room for all lines is made once, then they are written in place.
    private mutating func write(_ samples: [Sample], of family: MetricFamily) {
        let name = Array(family.name.utf8)
        var position = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.maximumBytes(of: samples, nameBytes: name.count)))
        var text = bytes.mutableSpan
        let lines = samples.span
        for index in lines.indices {
            text.put(name.span, at: &position)
            if !lines[index].labels.rendered.isEmpty {
                text.put(0x7B, at: &position)
                text.put(lines[index].labels.rendered.span, at: &position)
                text.put(0x7D, at: &position)
            }
            text.put(0x20, at: &position)
            text.put(lines[index].value, at: &position)
            text.put(0x0A, at: &position)
        }
        bytes.removeLast(bytes.count - position)
    }

    /// Room that no family's lines exceed: name, braces, labels, a space, the number, a line feed.
    private static func maximumBytes(of samples: [Sample], nameBytes: Int) -> Int {
        let line = nameBytes + 4 + MutableSpan<UInt8>.maximumNumberBytes
        let lines = samples.span
        var total = 0
        for index in lines.indices { total += line + lines[index].labels.rendered.count }
        return total
    }

    private mutating func write(_ series: HistogramSeries, of family: MetricFamily) {
        let name = Array(family.name.utf8)
        var total: UInt64 = 0
        for (bound, count) in zip(series.bounds.text(in: format), series.histogram.counts) {
            total &+= count
            bytes.append(contentsOf: name)
            bytes.append(contentsOf: "_bucket{".utf8)
            if !series.labels.isEmpty {
                bytes.append(contentsOf: series.labels.rendered)
                bytes.append(0x2C)
            }
            bytes.append(contentsOf: "le=\"".utf8)
            bytes.append(contentsOf: bound)
            bytes.append(contentsOf: "\"} ".utf8)
            bytes.append(.unsigned(total))
            bytes.append(0x0A)
        }
        writeHistogramLine(name, "_sum", series.labels, .seconds(nanoseconds: series.histogram.sumNanoseconds))
        writeHistogramLine(name, "_count", series.labels, .unsigned(total))
    }

    private mutating func writeHistogramLine(_ name: [UInt8], _ suffix: String, _ labels: Labels, _ value: MetricValue) {
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: suffix.utf8)
        if !labels.isEmpty {
            bytes.append(0x7B)
            bytes.append(contentsOf: labels.rendered)
            bytes.append(0x7D)
        }
        bytes.append(0x20)
        bytes.append(value)
        bytes.append(0x0A)
    }

    /// Room for the text, so that the buffer is not copied as it grows.
    private static func estimatedSize(of families: [MetricFamily]) -> Int {
        families.reduce(0) { size, family in
            let header = 3 * family.name.utf8.count + family.help.utf8.count + 40
            switch family.points {
            case .counter(let samples), .gauge(let samples), .info(let samples):
                return size + header + maximumBytes(of: samples, nameBytes: family.name.utf8.count)
            case .histogram(let series):
                let line = family.name.utf8.count + 40
                return series.reduce(size + header) { $0 + ($1.bounds.count + 3) * (line + $1.labels.rendered.count) }
            }
        }
    }
}

extension MetricFamily {
    /// The family's name in OpenMetrics: a counter's without `_total`.
    public var openMetricsName: Substring {
        type == .counter && name.hasSuffix("_total") ? name.dropLast("_total".count) : name[...]
    }
}

extension MutableSpan<UInt8> {
    /// Copies bytes in and moves the position behind them.
    @inline(__always)
    fileprivate mutating func put(_ source: Span<UInt8>, at position: inout Int) {
        for index in source.indices { self[position + index] = source[index] }
        position += source.count
    }
}
