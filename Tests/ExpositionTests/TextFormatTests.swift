import Testing

@testable import Exposition

private func text(_ format: TextFormat, _ families: MetricFamily...) -> String {
    String(decoding: format.render(families), as: UTF8.self)
}

@Suite struct TextFormatTests {
    private let up = MetricFamily(
        "quorum_member_up", help: "Whether the member is up.",
        .gauge([Sample(Labels(("member", "a")), .flag(true)), Sample(Labels(("member", "b")), .flag(false))]))

    @Test func `a gauge in text 0.0.4`() {
        #expect(
            text(.text, up) == """
                # HELP quorum_member_up Whether the member is up.
                # TYPE quorum_member_up gauge
                quorum_member_up{member="a"} 1
                quorum_member_up{member="b"} 0

                """)
    }

    @Test func `OpenMetrics names a counter's family without its suffix and ends with the EOF line`() {
        let counter = MetricFamily(
            "process_cpu_seconds_total", unit: "seconds", help: "Time \"used\".", .counter([Sample(.seconds(milliseconds: 1500))]))
        #expect(
            text(.openMetrics, counter) == """
                # TYPE process_cpu_seconds counter
                # UNIT process_cpu_seconds seconds
                # HELP process_cpu_seconds Time \\"used\\".
                process_cpu_seconds_total 1.5
                # EOF

                """)
        #expect(
            text(.text, counter) == """
                # HELP process_cpu_seconds_total Time "used".
                # TYPE process_cpu_seconds_total counter
                process_cpu_seconds_total 1.5

                """)
    }

    @Test func `an info metric is a gauge of the same name in both formats`() {
        let info = MetricFamily("quorum_build_info", help: "The build.", .info([Sample(Labels(("version", "1")), .unsigned(1))]))
        for format in TextFormat.allCases {
            #expect(text(format, info).contains("# TYPE quorum_build_info gauge\n"))
            #expect(text(format, info).contains("quorum_build_info{version=\"1\"} 1\n"))
        }
    }

    @Test func `a histogram cumulates its buckets and spells whole bounds as each format wants`() throws {
        var histogram = Histogram(try HistogramBounds(nanoseconds: [50_000, 1_000_000_000]))
        histogram.observe(nanoseconds: 50_000)
        histogram.observe(nanoseconds: 50_001)
        histogram.observe(nanoseconds: 2_000_000_000)
        let family = MetricFamily("x_duration_seconds", help: "H.", .histogram([HistogramSeries(Labels(("k", "v")), histogram)]))
        let body = """
            x_duration_seconds_bucket{k="v",le="5e-05"} 1
            x_duration_seconds_bucket{k="v",le="1"} 2
            x_duration_seconds_bucket{k="v",le="+Inf"} 3
            x_duration_seconds_sum{k="v"} 2.000100001
            x_duration_seconds_count{k="v"} 3

            """
        #expect(text(.text, family) == "# HELP x_duration_seconds H.\n# TYPE x_duration_seconds histogram\n" + body)
        #expect(text(.openMetrics, family).contains("le=\"1.0\"} 2\n"))
        #expect(family.points.seriesCount == 5)
    }

    @Test func `a family without series leaves no trace`() {
        #expect(text(.text, MetricFamily("a", help: "H", .gauge([]))).isEmpty)
        #expect(text(.openMetrics, MetricFamily("a", help: "H", .histogram([]))) == "# EOF\n")
    }

    @Test func `label values and help are escaped, and nothing else is`() {
        let nasty = "back\\slash \"quote\"\nline\ttab é ☃ }{,="
        let family = MetricFamily("m", help: "a\\b\nc\"d", .gauge([Sample(Labels(("l", nasty)), .unsigned(1))]))
        #expect(
            text(.text, family) == "# HELP m a\\\\b\\nc\"d\n# TYPE m gauge\nm{l=\"back\\\\slash \\\"quote\\\"\\nline\ttab é ☃ }{,=\"} 1\n")
        #expect(Labels(("l", nasty)).pairs.map(\.value) == [nasty])
    }

    @Test func `blocks joined are the whole, and only the whole ends in EOF`() throws {
        let other = MetricFamily("zeta", help: "Z.", .gauge([Sample(.signed(-3))]))
        for format in TextFormat.allCases {
            let blocks = [format.block(of: [up]), format.block(of: [other])]
            #expect(try format.join(blocks) == format.render([up, other]))
            #expect(!String(decoding: blocks[1].bytes, as: UTF8.self).contains("EOF"))
        }
    }

    @Test func `blocks of two formats are not joined`() {
        #expect(throws: ExpositionError.mixedFormats(expected: .text, found: .openMetrics)) {
            try TextFormat.text.join([TextFormat.openMetrics.block(of: [up])])
        }
    }

    @Test func `the content types name version and charset`() {
        #expect(TextFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(TextFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
