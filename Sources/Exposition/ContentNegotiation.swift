/// Choosing a form of the answer from what the client says it takes. Nothing here fails: a client is never refused for a header.
extension TextFormat {
    /// The format for a request with this `Accept` header.
    ///
    /// Each format's weight is that of the most specific range that names it: with its version, without a version, `type/*`, `*/*`
    /// (RFC 9110, §12.5.1). The greater weight wins; on a tie the more specific range; then text 0.0.4. A range that names another
    /// version of a format does not name ours: a client that asks only for OpenMetrics 0.0.1 gets text 0.0.4. Parameters other than
    /// `version` and `q`, such as `escaping` and `charset`, are ignored: all of our names are plain. Where nothing fits, text 0.0.4.
    /// - Parameter accept: the header, several joined by commas; `nil` when there is none.
    public init(accept: String?) {
        let ranges = HeaderElement.parse(accept ?? "*/*")
        let text = Preference(for: .text, in: ranges)
        let openMetrics = Preference(for: .openMetrics, in: ranges)
        self = openMetrics.weight > 0 && text < openMetrics ? .openMetrics : .text
    }

    private var mediaType: (type: String, full: String, version: String) {
        switch self {
        case .text: ("text/*", "text/plain", "0.0.4")
        case .openMetrics: ("application/*", "application/openmetrics-text", "1.0.0")
        }
    }

    /// How much a client wants a format: weight first, then how precisely it was named.
    private struct Preference: Comparable {
        var weight = 0
        var specificity = 0

        init(for format: TextFormat, in ranges: [HeaderElement]) {
            for range in ranges {
                let specificity = Self.specificity(of: range, for: format)
                guard specificity > 0, (specificity, range.weight) > (self.specificity, weight) else { continue }
                self.specificity = specificity
                weight = range.weight
            }
        }

        static func < (one: Preference, other: Preference) -> Bool {
            (one.weight, one.specificity) < (other.weight, other.specificity)
        }

        /// 0 when the range does not name the format, up to 4 when it names its version.
        private static func specificity(of range: HeaderElement, for format: TextFormat) -> Int {
            let ours = format.mediaType
            let version = range.parameters.first { $0.name == "version" }?.value
            if range.token == ours.full { return version == nil ? 3 : version == ours.version ? 4 : 0 }
            if range.token == ours.type { return 2 }
            return range.token == "*/*" ? 1 : 0
        }
    }
}

/// How the bytes of a body are coded.
public enum ContentCoding: String, Sendable, Equatable, CaseIterable {
    /// As they are; there is no `Content-Encoding` header then.
    case identity
    /// One gzip member.
    case gzip

    /// The coding for a request with this `Accept-Encoding` header.
    ///
    /// gzip when the client lists it (or `*`) with a weight above 0 that is not below identity's; identity otherwise, also when the
    /// client rules everything out, and when there is no header: Prometheus always sends one. Unknown codings are ignored.
    /// - Parameter acceptEncoding: the header, several joined by commas; `nil` when there is none.
    public init(acceptEncoding: String?) {
        let elements = HeaderElement.parse(acceptEncoding ?? "")
        let any = Self.weight(of: ["*"], in: elements)
        let gzip = Self.weight(of: ["gzip", "x-gzip"], in: elements) ?? any ?? 0
        let identity = Self.weight(of: ["identity"], in: elements) ?? any ?? 0
        self = gzip > 0 && gzip >= identity ? .gzip : .identity
    }

    private static func weight(of names: [String], in elements: [HeaderElement]) -> Int? {
        elements.filter { names.contains($0.token) }.map(\.weight).max()
    }
}
