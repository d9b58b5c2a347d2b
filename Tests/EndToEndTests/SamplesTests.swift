import ClusterHarness
import Testing

@Suite struct SamplesTests {
    @Test func namesLabelsEscapesAndValuesAreRead() throws {
        let text = """
            # HELP a b
            a 1
            b{x="1",y="quo\\"te\\\\ and\\nline"} 2.5e-3
            c_bucket{le="+Inf"} +Inf 1700000000
            # EOF

            """
        let samples = try Samples(parsing: Array(text.utf8))
        #expect(samples.all.count == 3)
        #expect(samples.value("a") == 1)
        #expect(samples.value("b", ["x": "1"]) == 0.0025)
        #expect(samples.matching("b").first?.labels["y"] == "quo\"te\\ and\nline")
        #expect(samples.value("c_bucket") == .infinity)
        #expect(samples.duplicates.isEmpty)
    }

    @Test(arguments: ["a", "a{", "a{x=\"1\"", "a{x=1} 2", "a{x=\"1\\", "a one", " 1"])
    func brokenLinesAreRefused(line: String) {
        #expect(throws: HarnessError.self) { try Samples(parsing: Array(line.utf8)) }
    }

    @Test func aSeriesThatComesTwiceIsFound() throws {
        let samples = try Samples(parsing: Array("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\na{x=\"1\"} 1\n".utf8))
        #expect(samples.duplicates == ["a|x=1|y=2"])
    }
}
