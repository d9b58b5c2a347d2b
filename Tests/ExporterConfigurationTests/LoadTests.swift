import Testing

@testable import ExporterConfiguration

@Suite struct LoadTests {
    @Test func `without anything given it is a one-node cluster on loopback`() throws {
        let configuration = try load()
        #expect(configuration.web.listenAddresses.map(\.description) == [":10310"])
        #expect(configuration.web.externalURL == "http://box:10310")
        #expect(configuration.web.telemetryPath == "/metrics")
        #expect(configuration.web.maximumRequests == 40)
        #expect(configuration.cluster.name == "default")
        #expect(configuration.cluster.member == "box")
        #expect(configuration.cluster.listenAddress.description == "127.0.0.1:10311")
        #expect(configuration.cluster.advertiseAddress.description == "127.0.0.1:10311")
        #expect(configuration.cluster.initialMembers.map(\.name) == ["box"])
        #expect(configuration.cluster.initialMembers.map(\.address.description) == ["127.0.0.1:10311"])
        #expect(configuration.cluster.tls == nil)
        #expect(!configuration.cluster.allowsPlaintext)
        #expect(configuration.storagePath == "data/")
        #expect(configuration.adminSocketPath == "data/admin.sock")
        #expect(configuration.raft.heartbeatInterval == .milliseconds(100))
        #expect(configuration.raft.electionTimeout == .seconds(1))
        #expect(configuration.raft.snapshotEntries == 10_000)
        #expect(configuration.health.interval == .seconds(1))
        #expect(configuration.health.downAfter == .seconds(3))
        #expect(configuration.health.upAfter == .seconds(2))
        #expect(configuration.health.reportsResources)
        #expect(configuration.log.level == .info)
        #expect(configuration.log.format == .logfmt)
    }

    @Test func `every option is read from its flag`() throws {
        let pem = files(["c.pem": "c", "k.pem": "k", "a.pem": "a"])
        let configuration = try load(
            [
                "--web.listen-address=:1", "--web.listen-address", "[::1]:2", "--web.external-url=https://q.example/a/",
                "--web.telemetry-path=/m", "--web.max-requests=7", "--cluster.name=c", "--cluster.member", "b",
                "--cluster.listen-address=0.0.0.0:3", "--cluster.advertise-address=b.example:4",
                "--cluster.initial-members=a=a.example:4,b=B.example:4", "--cluster.tls-certificate=c.pem", "--cluster.tls-key=k.pem",
                "--cluster.tls-authority=a.pem", "--cluster.allow-plaintext", "--storage.path=/s", "--admin.socket=/r/q",
                "--raft.heartbeat-interval=20ms", "--raft.election-timeout=60ms", "--raft.snapshot-entries=100", "--health.interval=500ms",
                "--health.down-after=1m30s", "--health.up-after=0s",
                "--no-health.resource-metrics", "--log.level=debug", "--log.format=json",
            ], files: pem)
        #expect(configuration.web.listenAddresses.map(\.description) == [":1", "[::1]:2"])
        #expect(configuration.web.externalURL == "https://q.example/a")
        #expect(configuration.web.telemetryPath == "/m")
        #expect(configuration.web.maximumRequests == 7)
        #expect(configuration.cluster.name == "c")
        #expect(configuration.cluster.member == "b")
        #expect(configuration.cluster.listenAddress.description == "0.0.0.0:3")
        #expect(configuration.cluster.advertiseAddress.description == "b.example:4")
        #expect(configuration.cluster.initialMembers.map(\.name) == ["a", "b"])
        #expect(configuration.cluster.initialMembers.map(\.address.description) == ["a.example:4", "b.example:4"])
        #expect(configuration.cluster.tls?.certificatePath == "c.pem")
        #expect(configuration.cluster.tls?.keyPath == "k.pem")
        #expect(configuration.cluster.tls?.authorityPath == "a.pem")
        #expect(configuration.cluster.allowsPlaintext)
        #expect(configuration.storagePath == "/s")
        #expect(configuration.raft.heartbeatInterval == .milliseconds(20))
        #expect(configuration.raft.electionTimeout == .milliseconds(60))
        #expect(configuration.raft.snapshotEntries == 100)
        #expect(configuration.health.interval == .milliseconds(500))
        #expect(configuration.health.downAfter == .seconds(90))
        #expect(configuration.health.upAfter == .zero)
        #expect(!configuration.health.reportsResources)
        #expect(configuration.log.level == .debug)
        #expect(configuration.log.format == .json)
    }

    @Test func `a flag wins over the environment, that over the file, that over the default`() throws {
        let file = "web: {max-requests: 1}\nlog.level: error\ncluster:\n  name: file\n"
        let environment = ["QUORUM_CLUSTER_NAME": "variable", "QUORUM_LOG_LEVEL": "warning"]
        let configuration = try load(["--cluster.name=flag"], environment: environment, file: file)
        #expect(configuration.cluster.name == "flag")
        #expect(configuration.log.level == .warning)
        #expect(configuration.web.maximumRequests == 1)
        #expect(configuration.log.format == .logfmt)
    }

    @Test func `a list replaces a weaker source's list and is not joined with it`() throws {
        let file = "web.listen-address: [\":1\", \":2\"]"
        #expect(try load(file: file).web.listenAddresses.map(\.port) == [1, 2])
        #expect(try load(environment: ["QUORUM_WEB_LISTEN_ADDRESS": ":3, :4"], file: file).web.listenAddresses.map(\.port) == [3, 4])
        #expect(try load(["--web.listen-address=:5"], file: file).web.listenAddresses.map(\.port) == [5])
    }

    @Test func `nested and dotted keys may be mixed, and a section may be empty`() throws {
        let file = """
            cluster:
              tls-key:
            """
        #expect(mistakes(file: file) == ["q.yml:2:3: cluster.tls-key: has no value; allowed: one FILE"])
        let mixed = "# nothing yet\nweb:\nhealth.up-after: 5s\nraft: {election-timeout: 900ms}\n"
        let configuration = try load(file: mixed)
        #expect(configuration.health.upAfter == .seconds(5))
        #expect(configuration.raft.electionTimeout == .milliseconds(900))
        #expect(try load(file: "") == load())
    }

    @Test func `the file is named by a variable too, and unknown and empty variables are ignored`() throws {
        let environment = ["QUORUM_CONFIG_FILE": "e.yml", "QUORUM_PORT": "tcp://10.0.0.1:10310", "QUORUM_LOG_LEVEL": ""]
        let configuration = try load(environment: environment, files: files(["e.yml": "cluster.name: e"]))
        #expect(configuration.cluster.name == "e")
        #expect(configuration.log.level == .info)
    }

    @Test func `the advertised address is derived`() throws {
        let open = ["--cluster.allow-plaintext", "--cluster.listen-address=:7"]
        #expect(try load(open).cluster.advertiseAddress.description == "box:7")
        let listed = open + ["--cluster.initial-members=box=10.0.0.1:8"]
        #expect(try load(listed).cluster.advertiseAddress.description == "10.0.0.1:8")
        #expect(try load(["--cluster.listen-address=127.0.0.1:9"]).cluster.advertiseAddress.description == "127.0.0.1:9")
    }

    @Test func `the external URL is derived`() throws {
        #expect(try load(["--web.listen-address=127.0.0.1:1"]).web.externalURL == "http://127.0.0.1:1")
        #expect(try load(["--web.listen-address=[::]:1"]).web.externalURL == "http://box:1")
        let advertised = ["--cluster.advertise-address=a.example:9"]
        #expect(try load(advertised).web.externalURL == "http://a.example:10310")
        let anyPort = try load(["--web.listen-address=127.0.0.1:0"]).web
        #expect(anyPort.externalURL(boundPort: 4_711) == "http://127.0.0.1:4711")
        #expect(try load().web.externalURL(boundPort: 4_711) == "http://box:10310")
    }

    @Test func `a boolean is given in four ways`() throws {
        #expect(try load(["--health.resource-metrics=false"]).health.reportsResources == false)
        #expect(try load(["--health.resource-metrics"], environment: ["QUORUM_HEALTH_RESOURCE_METRICS": "false"]).health.reportsResources)
        #expect(try load(file: "health: {resource-metrics: false}").health.reportsResources == false)
        #expect(try load(["--no-cluster.allow-plaintext"]).cluster.allowsPlaintext == false)
    }
}
