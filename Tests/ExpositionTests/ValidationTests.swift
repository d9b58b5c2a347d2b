import Testing

@testable import Exposition

private func gauge(_ name: String, unit: String? = nil, help: String = "H.", _ samples: Sample...) -> MetricFamily {
    MetricFamily(name, unit: unit, help: help, .gauge(samples))
}

@Suite struct ValidationTests {
    @Test func `sound families pass`() throws {
        try [
            gauge("quorum_member_up", Sample(Labels(("member", "a")), .unsigned(1)), Sample(Labels(("member", "b")), .unsigned(1))),
            gauge("quorum_rtt_seconds", unit: "seconds", Sample(.double(0.5))),
            MetricFamily("cpu_seconds_total", unit: "seconds", help: "H.", .counter([Sample(.unsigned(0))])),
            MetricFamily("build_info", help: "H.", .info([Sample(Labels(("v", "1")), .unsigned(1))])),
            MetricFamily("d_seconds", unit: "seconds", help: "H.", .histogram([HistogramSeries(Histogram())])),
        ].validate()
    }

    @Test(
        arguments: [
            (gauge("Quorum_up"), .invalidMetricName("Quorum_up")),
            (gauge("1up"), .invalidMetricName("1up")),
            (gauge(""), .invalidMetricName("")),
            (gauge("a:b"), .invalidMetricName("a:b")),
            (gauge("up_total"), .reservedSuffix("up_total")),
            (gauge("up_count"), .reservedSuffix("up_count")),
            (gauge("up_info"), .reservedSuffix("up_info")),
            (MetricFamily("up", help: "H.", .info([])), .reservedSuffix("up")),
            (MetricFamily("up", help: "H.", .counter([])), .counterWithoutTotal("up")),
            (gauge("up_seconds", unit: "bytes"), .unitNotInName(metric: "up_seconds", unit: "bytes")),
            (gauge("up", help: ""), .missingHelp("up")),
            (gauge("up", Sample(Labels(("Member", "a")), .unsigned(1))), .invalidLabelName(metric: "up", label: "Member")),
            (gauge("up", Sample(Labels(("__name", "a")), .unsigned(1))), .invalidLabelName(metric: "up", label: "__name")),
            (gauge("up", Sample(Labels(("a", "1"), ("a", "2")), .unsigned(1))), .repeatedLabel(metric: "up", label: "a")),
            (gauge("up", Sample(.double(.nan))), .invalidValue(metric: "up", labels: "")),
            (MetricFamily("x_total", help: "H.", .counter([Sample(.signed(-1))])), .invalidValue(metric: "x_total", labels: "")),
            (MetricFamily("x_info", help: "H.", .info([Sample(.unsigned(2))])), .invalidValue(metric: "x_info", labels: "")),
            (
                MetricFamily("d_seconds", help: "H.", .histogram([HistogramSeries(Labels(("le", "1")), Histogram())])),
                .invalidLabelName(metric: "d_seconds", label: "le")
            ),
            (
                gauge("up", Sample(Labels(("a", "1"), ("b", "2")), .unsigned(1)), Sample(Labels(("b", "2"), ("a", "1")), .unsigned(0))),
                .repeatedSeries("up{a=\"1\",b=\"2\"}")
            ),
        ] as [(MetricFamily, ExpositionError)])
    func `each mistake is named`(family: MetricFamily, mistake: ExpositionError) {
        #expect(throws: mistake) { try family.validate() }
    }

    @Test func `two families of one name are found`() {
        #expect(throws: ExpositionError.repeatedFamily("up")) { try [gauge("up"), gauge("down"), gauge("up")].validate() }
    }

    @Test func `a series that stands twice in finished text is found, whatever its value and its labels hold`() {
        let scrape = "# HELP a x\n# HELP a x\na{l=\"x y} 1\"} 1\nb 1\na{l=\"x y} 1\"} 2\nb_c 1\nb 1\n"
        #expect(ScrapeText.repeatedSeries(in: scrape.utf8) == ["a{l=\"x y} 1\"}", "b"])
    }
}
