import Testing

@testable import Exposition

@Suite struct ContentNegotiationTests {
    /// What Prometheus 3 and Prometheus 2.42 send.
    static let prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    static let prometheus2 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,"
        + "*/*;q=0.1"
    static let prometheusWithProtobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

    @Test(
        arguments: [
            (nil, .text), ("", .text), ("*/*", .text), ("text/*", .text), ("text/plain", .text),
            (prometheus3, .openMetrics), (prometheus2, .openMetrics), (prometheusWithProtobuf, .openMetrics),
            ("application/openmetrics-text", .openMetrics), ("application/*", .openMetrics),
            ("Application/OpenMetrics-Text; Version=1.0.0; charset=utf-8", .openMetrics),
            ("application/openmetrics-text;version=\"1.0.0\"", .openMetrics),
            ("application/openmetrics-text, */*", .openMetrics),
            ("application/openmetrics-text;q=0.5, */*;q=0.9", .text),
            ("application/openmetrics-text;q=0.5, text/plain;q=0.4", .openMetrics),
            ("application/openmetrics-text;q=0.5, text/plain;q=0.5", .text),
            ("application/openmetrics-text;q=0, */*", .text),
            ("text/plain;q=0, */*;q=0.1", .openMetrics),
            ("text/plain;version=0.0.4;q=0.1, text/plain;q=0.9, application/openmetrics-text;q=0.5", .openMetrics),
            ("text/plain;version=1.0.0;q=0.9, application/openmetrics-text;q=0.1", .openMetrics),
            ("application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .text),
            ("application/openmetrics-text;version=2.0.0", .text),
            ("application/json", .text), ("image/png, text/html;q=0.5", .text),
        ] as [(String?, TextFormat)])
    func `Accept chooses the format`(accept: String?, format: TextFormat) {
        #expect(TextFormat(accept: accept) == format)
    }

    @Test(
        arguments: [
            (nil, .identity), ("", .identity), ("gzip", .gzip), ("x-gzip", .gzip), ("GZIP", .gzip), ("identity", .identity), ("*", .gzip),
            ("deflate, gzip, br, zstd", .gzip), ("br, zstd", .identity), ("gzip;q=0", .identity), ("gzip;q=0.000", .identity),
            ("gzip;q=0.001", .gzip), ("*;q=0", .identity), ("gzip;q=0, *", .identity), ("identity;q=0", .identity),
            ("identity;q=0, gzip;q=0.1", .gzip), ("identity, gzip", .gzip), ("identity;q=0.6, gzip;q=0.5", .identity),
            ("gzip;q=0.5, *;q=0.8", .identity), ("gzip ; q=1.000 , identity;q=0.5", .gzip),
        ] as [(String?, ContentCoding)])
    func `Accept-Encoding chooses the coding`(header: String?, coding: ContentCoding) {
        #expect(ContentCoding(acceptEncoding: header) == coding)
    }

    @Test(arguments: [
        ";", ",", ";;;,,,", ";q=1", "gzip;q", "gzip;q=", "gzip;q=2", "gzip;q=1.1", "gzip;q=-1", "gzip;q=0.1234", "gzip;q=a", "gzip;q=1e0",
        "\"", "a;b=\"", "a;b=\"\\", "/", "*/", "text/plain;version", "=", "\u{0}", "é;q=é",
    ])
    func `malformed elements are left out and never trap`(header: String) {
        #expect(TextFormat(accept: header) == .text)
        #expect(ContentCoding(acceptEncoding: header) == (header == "gzip;q" ? .gzip : .identity))
    }

    @Test func `a quoted value may hold separators`() {
        let elements = HeaderElement.parse(#"a/b;x="1,2;q=0.1\"";q=0.25, c"#)
        #expect(
            elements == [
                HeaderElement(token: "a/b", parameters: [.init(name: "x", value: #"1,2;q=0.1""#)], weight: 250), HeaderElement(token: "c"),
            ])
    }

    @Test func `random bytes never trap and long headers are read up to a maximum`() {
        var state: UInt64 = 88_172_645_463_325_252
        let alphabet = Array("abgzipq=;,\"\\/*.01 \t-".utf8)
        for length in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<length {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes.append(alphabet[Int(state % UInt64(alphabet.count))])
            }
            let header = String(decoding: bytes, as: UTF8.self)
            _ = TextFormat(accept: header)
            _ = ContentCoding(acceptEncoding: header)
            #expect(HeaderElement.parse(header).allSatisfy { (0...1000).contains($0.weight) && !$0.token.isEmpty })
        }
        let long = Array(repeating: "br", count: 10_000).joined(separator: ",") + ",gzip"
        #expect(HeaderElement.parse(long).count == HeaderElement.maximumCount)
    }
}
