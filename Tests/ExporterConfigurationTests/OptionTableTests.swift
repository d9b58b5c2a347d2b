import Testing

@testable import ExporterConfiguration

@Suite struct OptionTableTests {
    @Test func `the options are these`() {
        #expect(
            OptionTable.all.map(\.key) == [
                "web.listen-address", "web.external-url", "web.telemetry-path", "web.max-requests", "admin.socket", "cluster.name",
                "cluster.member", "cluster.listen-address", "cluster.advertise-address", "cluster.initial-members", "cluster.join",
                "cluster.tls-certificate",
                "cluster.tls-key", "cluster.tls-authority", "cluster.allow-plaintext", "storage.path", "raft.heartbeat-interval",
                "raft.election-timeout", "raft.snapshot-entries", "health.interval", "health.down-after", "health.up-after",
                "health.resource-metrics",
                "log.level", "log.format", "debug.record", "config.file",
            ])
    }

    @Test func `flag and variable follow from the key, and no two variables are the same`() {
        #expect(OptionTable.all.first?.flag == "--web.listen-address")
        #expect(OptionTable.all.first?.variable == "QUORUM_WEB_LISTEN_ADDRESS")
        #expect(Set(OptionTable.all.map(\.variable)).count == OptionTable.all.count)
    }

    @Test func `the help and the table name every option with its default`() {
        let help = OptionTable.helpText()
        let rows = OptionTable.markdownTable.split(separator: "\n")
        #expect(rows.count == OptionTable.all.count + 2)
        for option in OptionTable.all {
            #expect(help.contains(option.shape == .boolean ? "  --[no-]\(option.key)\n" : "  \(option.flag) \(option.placeholder)\n"))
            #expect(rows.contains { $0.hasPrefix("| `\(option.flag)`") && $0.contains(option.variable) && $0.contains(option.help) })
        }
        #expect(help.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(
            rows.contains(
                "| `--web.max-requests` | `QUORUM_WEB_MAX_REQUESTS` | `40` | "
                    + "How many requests are answered at once; more are refused with 503. |"))
    }

    @Test(arguments: [
        ("100ms", 100), ("1s", 1_000), ("1m30s", 90_000), ("2h", 7_200_000), ("1d1ms", 86_400_001), ("0s", 0),
    ])
    func `a duration is read and written`(text: String, milliseconds: Int) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
        #expect(DurationText.format(.milliseconds(milliseconds)) == text)
    }

    @Test(arguments: ["", "1", "s", "1 s", "1.5s", "-1s", "30s1m", "1s1s", "9999999999s", "1S", "1w", "1sms"])
    func `this is no duration`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func `the nearest name is found, and none when all are far`() {
        let names = ["cluster.name", "cluster.member", "log.level"]
        #expect(NearestName.of("cluster.nmae", among: names) == "cluster.name")
        #expect(NearestName.of("level", among: names) == "log.level")
        #expect(NearestName.of("port", among: names) == nil)
        #expect(NearestName.edits(from: "kitten", to: "sitting") == 3)
    }
}
