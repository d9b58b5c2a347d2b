import Testing

@testable import ExporterConfiguration

@Suite struct MistakeTests {
    @Test func `all mistakes of all sources come at once`() {
        let file = """
            cluster:
              nam: x
              name: "two words"
            raft:
              heartbeat-interval: 1 second
            """
        let found = mistakes(
            ["--web.max-requests=0", "--bogus", "serve"], environment: ["QUORUM_LOG_LEVEL": "loud"], file: file)
        #expect(
            found == [
                "--bogus is not a flag of this command",
                "q.yml:2:3: cluster.nam: is not a known key; did you mean cluster.name?",
                "q.yml:3:9: cluster.name: \"two words\" is not a name; allowed: 1 to 63 of the characters A-Z a-z 0-9 . _ -",
                "--web.max-requests: \"0\" is out of range; allowed: a whole number from 1 to 10000",
                "q.yml:5:23: raft.heartbeat-interval: \"1 second\" is not a duration; allowed: a duration such as 1m30s or 100ms, "
                    + "from 10ms to 10s",
                "QUORUM_LOG_LEVEL: \"loud\" is none of them; allowed: trace, debug, info, notice, warning, error, critical",
            ])
    }

    @Test(arguments: [
        (["--cluster.name"], "--cluster.name has no value; allowed: --cluster.name=NAME"),
        (["--cluster.name", "--log.level=info"], "--cluster.name has no value; allowed: --cluster.name=NAME"),
        (["--cluster.name=a", "--cluster.name=b"], "--cluster.name is given more than once: \"b\"; allowed: once"),
        (["--web.listen-adress=:1"], "--web.listen-adress is not a flag of this command; did you mean --web.listen-address?"),
        (["--web.listen-adress", ":1"], "--web.listen-adress is not a flag of this command; did you mean --web.listen-address?"),
        (["extra"], "\"extra\" is not a flag; allowed: --flag=value or --flag value"),
        (["-v"], "\"-v\" is not a flag; allowed: --flag=value or --flag value"),
        (
            ["--no-health.resource-metrics=true"],
            "--no-health.resource-metrics takes no value; allowed: --no-health.resource-metrics, --health.resource-metrics=true, "
                + "--health.resource-metrics=false"
        ),
        (["--no-cluster.name"], "--no-cluster.name is not a flag of this command; did you mean --cluster.name?"),
        (["--health.resource-metrics=maybe"], "--health.resource-metrics: \"maybe\" is neither; allowed: true, false"),
        (
            ["--config.file=none.yml"],
            "--config.file: \"none.yml\" cannot be read: No such file or directory; allowed: a readable YAML file"
        ),
    ])
    func `a mistaken command line`(arguments: [String], line: String) {
        #expect(mistakes(arguments) == [line])
    }

    @Test(arguments: [
        ("cluster: [a]", "q.yml:1:10: cluster: holds a value; allowed: keys with values, such as cluster.name: default"),
        ("nonsense", "q.yml:1:1: the file: holds a value; allowed: keys with values, such as cluster.name: default"),
        ("cluster: {name: {a: b}}", "q.yml:1:17: cluster.name: is not one value; allowed: one NAME"),
        ("cluster.name: [a]", "q.yml:1:15: cluster.name: is not one value; allowed: one NAME"),
        ("cluster.name: a\ncluster: {name: b}", "q.yml:2:11: cluster.name: is given more than once; allowed: once"),
        ("cluster: {name: a}\ncluster: {member: b}", "q.yml:1:1: \"cluster\" is given more than once; allowed: once"),
        ("log: {level: ~}", "q.yml:1:7: log.level: has no value; allowed: one LEVEL"),
        ("config: {file: x}", "q.yml:1:1: config: is not a known key"),
        ("config.file: x", "q.yml:1:1: config.file: cannot stand in the file; allowed: --config.file, QUORUM_CONFIG_FILE"),
        ("[a]: b", "q.yml:1:1: the file: a key is not a plain text; allowed: names of options"),
        (
            "web:\n  listen-address: [':1', [':2']]",
            "q.yml:2:26: web.listen-address: an element of the list is not one value; "
                + "allowed: HOST:PORT"
        ),
        (
            "web:\n  listen-address:\n  - :1\n  - x",
            "q.yml:4:5: web.listen-address: \"x\" has no port; allowed: host:port or :port, "
                + "the port from 0 to 65535, an IPv6 address in brackets"
        ),
        ("health: {down_after: 3s}", "q.yml:1:10: health.down_after: is not a known key; did you mean health.down-after?"),
        ("a: b: c", "q.yml:1:5: is not YAML: mapping values are not allowed in this context"),
        ("a: *b", "q.yml:1:4: is not YAML: found undefined alias"),
        ("---\n---\n", "q.yml:2:1: is not YAML: but found another document"),
        ("log:\n\tlevel: info", "q.yml:2:1: is not YAML: found character that cannot start any token"),
        (String(repeating: "[", count: 100_000), "q.yml:1:1: more than 500 [ and { in the file; allowed: fewer"),
        ("a:\n" + String(repeating: "- ", count: 100_000), "q.yml:2:1: indented by more than 200 characters; allowed: fewer"),
    ])
    func `a mistaken file`(file: String, line: String) {
        #expect(mistakes(file: file) == [line])
    }

    @Test func `a file that is not UTF-8 is named`() {
        let odd = ConfigurationFiles(read: { _ throws(FileProblem) in [0xFF, 0xFE] }, folderProblem: { _ in nil })
        #expect(
            mistakes(["--config.file=x"], files: odd) == ["--config.file: \"x\" is not UTF-8 text; allowed: a readable YAML file"])
    }

    @Test(arguments: [
        ("web.external-url", "ftp://x"), ("web.external-url", "http://"), ("web.external-url", "http://u@x"),
        ("web.external-url", "http://x:0"), ("web.external-url", "http://x?y"), ("web.telemetry-path", "metrics"),
        ("web.telemetry-path", "/a b"), ("web.telemetry-path", "//"), ("web.telemetry-path", "/a/../b"), ("web.telemetry-path", "/"),
        ("web.telemetry-path", "/http_sd"), ("web.telemetry-path", "/cluster/metrics"), ("web.telemetry-path", "/api/v1/status"),
        ("web.telemetry-path", "/-/ready"), ("web.max-requests", "many"), ("web.max-requests", "10001"), ("web.listen-address", "10310"),
        ("web.listen-address", ":65536"), ("web.listen-address", "a b:1"), ("web.listen-address", "::1:1"),
        ("web.listen-address", "[x]:1"), ("web.listen-address", "1.2.3:1"), ("web.listen-address", ":1,:1"), ("web.listen-address", ":1,"),
        ("cluster.name", ""), ("cluster.name", "a/b"), ("cluster.member", String(repeating: "x", count: 64)),
        ("cluster.advertise-address", ":1"), ("cluster.advertise-address", "0.0.0.0:1"), ("cluster.advertise-address", "a:0"),
        ("cluster.initial-members", "box"), ("cluster.initial-members", "box=a"), ("cluster.initial-members", "=a:1"),
        ("storage.path", ""), ("raft.heartbeat-interval", "9ms"), ("raft.heartbeat-interval", "11s"),
        ("raft.election-timeout", "11m"), ("raft.election-timeout", "1.5s"), ("health.interval", "99ms"),
        ("health.down-after", "2h"), ("health.up-after", "-1s"), ("log.level", "INFO"), ("log.format", "text"),
    ])
    func `a value that is not allowed gives one line that names its flag`(key: String, value: String) {
        let found = mistakes(["--\(key)=\(value)"])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("--\(key): \"") == true)
        #expect(found.first?.contains("; allowed: ") == true)
    }

    @Test func `a host name that is no member name is said to be the default`() {
        #expect(
            mistakes(hostName: "my box") == [
                "--cluster.member (not given): \"my box\" is not a name; allowed: 1 to 63 of the characters A-Z a-z 0-9 . _ -"
            ])
    }

    @Test func `a value is shown on one line, cut when it is long`() {
        #expect(MistakeText.quoted("a\n\"\u{1B}") == "\"a\\u{a}\\\"\\u{1b}\"")
        #expect(MistakeText.quoted(String(repeating: "x", count: 500)).count == 123)
    }
}
