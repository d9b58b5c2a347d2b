/// The rules of both formats, and Prometheus's naming rules, for checking a catalogue in tests: linear in the number of series and not
/// meant for every scrape.
extension MetricFamily {
    /// Checks names, suffixes, unit, help, labels, values and that no series is there twice.
    /// - Throws: the first `ExpositionError` found, in the order of its cases.
    public func validate() throws(ExpositionError) {
        guard Self.isPlainName(name), name.utf8.count <= 200 else { throw .invalidMetricName(name) }
        try validateSuffix()
        if let unit, !openMetricsName.hasSuffix("_" + unit) { throw .unitNotInName(metric: name, unit: unit) }
        guard !help.isEmpty else { throw .missingHelp(name) }
        switch points {
        case .counter(let samples), .gauge(let samples), .info(let samples):
            for sample in samples {
                try validate(sample.labels, forbidding: nil)
                try validate(sample)
            }
        case .histogram(let series):
            for one in series { try validate(one.labels, forbidding: "le") }
        }
        if let twice = repeatedSeries().first { throw .repeatedSeries(twice) }
    }

    /// The series that are there more than once, as `name{labels}`, sorted. The order of the labels makes no difference.
    public func repeatedSeries() -> [String] {
        let all: [Labels] =
            switch points {
            case .counter(let samples), .gauge(let samples), .info(let samples): samples.map(\.labels)
            case .histogram(let series): series.map(\.labels)
            }
        let texts = all.map { labels in
            let sorted = labels.pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            return name + "{" + String(decoding: Labels(sorted).rendered, as: UTF8.self) + "}"
        }
        return repeated(texts)
    }

    private func validateSuffix() throws(ExpositionError) {
        let reserved = ["_created", "_count", "_sum", "_bucket"]
        if reserved.contains(where: name.hasSuffix) { throw .reservedSuffix(name) }
        switch type {
        case .counter: if !name.hasSuffix("_total") { throw .counterWithoutTotal(name) }
        case .gauge, .histogram: if name.hasSuffix("_total") || name.hasSuffix("_info") { throw .reservedSuffix(name) }
        case .info: if !name.hasSuffix("_info") { throw .reservedSuffix(name) }
        }
    }

    private func validate(_ labels: Labels, forbidding reserved: String?) throws(ExpositionError) {
        let names = labels.pairs.map(\.name)
        for label in names where !Self.isPlainName(label) || label.hasPrefix("__") || label == reserved {
            throw .invalidLabelName(metric: name, label: label)
        }
        if let label = repeated(names).first { throw .repeatedLabel(metric: name, label: label) }
    }

    private func validate(_ sample: Sample) throws(ExpositionError) {
        let wrong: Bool =
            switch type {
            case .counter: sample.value.isNegative || sample.value.isNotANumber
            case .gauge: sample.value.isNotANumber
            case .info: !sample.value.isOne
            case .histogram: false
            }
        let labels = String(decoding: sample.labels.rendered, as: UTF8.self)
        if wrong { throw .invalidValue(metric: name, labels: labels) }
    }

    /// Lower-case letters, digits and underscores, not starting with a digit: narrower than the formats allow, as the naming rules ask.
    private static func isPlainName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { $0 == 0x5F || isDigit($0) || (0x61...0x7A).contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

extension [MetricFamily] {
    /// Checks each family, and that no two of them share a name.
    /// - Throws: the first `ExpositionError` found.
    public func validate() throws(ExpositionError) {
        if let name = repeated(map(\.name)).first { throw .repeatedFamily(name) }
        for family in self { try family.validate() }
    }
}

/// Looks at finished text, whoever wrote it.
public enum ScrapeText {
    /// The series that stand in a scrape more than once, as `name{labels}`, sorted; promtool does not notice them. Takes labels as they
    /// stand: two orders of the same labels are not seen as one series.
    public static func repeatedSeries(in scrape: some Sequence<UInt8>) -> [String] {
        let lines = Array(scrape).split(separator: 0x0A).filter { $0.first != 0x23 }
        // A label value may hold spaces and braces, but after the last of either only the number follows.
        let series = lines.map { line in String(decoding: line[..<(line.lastIndex(of: 0x20) ?? line.endIndex)], as: UTF8.self) }
        return repeated(series)
    }
}

/// What is there more than once, sorted, each named once.
private func repeated(_ texts: [String]) -> [String] {
    let sorted = texts.sorted()
    var found: [String] = []
    for (one, next) in zip(sorted, sorted.dropFirst()) where one == next && found.last != one { found.append(one) }
    return found
}
