import Testing

@testable import ExporterConfiguration

@Suite struct CrossCheckTests {
    @Test func `the election timeout is at least three heartbeats`() {
        #expect(
            mistakes(["--raft.election-timeout=299ms"]) == [
                "--raft.election-timeout: \"299ms\" is too short; allowed: at least 300ms, three times raft.heartbeat-interval"
            ])
        #expect(mistakes(["--raft.election-timeout=300ms"]).isEmpty)
    }

    @Test func `a member is not lost sooner than an election takes`() {
        #expect(
            mistakes(file: "health: {down-after: 2999ms}") == [
                "q.yml:1:22: health.down-after: \"2s999ms\" is too short; allowed: at least 3s, twice raft.election-timeout and "
                    + "health.interval"
            ])
        #expect(
            mistakes(["--raft.election-timeout=1001ms"]) == [
                "--health.down-after (not given): \"3s\" is too short; allowed: at least 3s2ms, twice raft.election-timeout and "
                    + "health.interval"
            ])
    }

    @Test func `plaintext beyond loopback is asked for`() {
        #expect(
            mistakes(["--cluster.listen-address=:10311"]) == [
                "--cluster.listen-address: \":10311\" would be open to others without TLS; allowed: a loopback address, TLS by "
                    + "--cluster.tls-certificate, --cluster.tls-key and --cluster.tls-authority, or --cluster.allow-plaintext"
            ])
        for loopback in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1", "LocalHost:1"] {
            #expect(mistakes(["--cluster.listen-address=\(loopback)"]).isEmpty)
        }
        #expect(mistakes(["--cluster.listen-address=:1", "--cluster.allow-plaintext"]).isEmpty)
        #expect(mistakes(["--cluster.listen-address=127.example:1"]).count == 1)
        let tls = ["--cluster.tls-certificate=c", "--cluster.tls-key=c", "--cluster.tls-authority=c"]
        #expect(mistakes(["--cluster.listen-address=:1"] + tls, files: files(["c": "pem"])).isEmpty)
    }

    @Test func `TLS needs three files that can be read`() {
        #expect(
            mistakes(["--cluster.tls-key=k"], files: files(["k": "pem"])) == [
                "--cluster.tls-key: \"k\" is not enough for TLS; allowed: all three, also --cluster.tls-certificate and "
                    + "--cluster.tls-authority"
            ])
        #expect(
            mistakes(
                ["--cluster.tls-certificate=c", "--cluster.tls-key=k", "--cluster.tls-authority=a"], files: files(["c": "pem", "a": ""]))
                == [
                    "--cluster.tls-key: \"k\" cannot be read: No such file or directory; allowed: a readable PEM file",
                    "--cluster.tls-authority: \"a\" is empty; allowed: a PEM file",
                ])
    }

    @Test func `the initial members are different, few enough and include this one`() {
        func lines(_ members: String) -> [String] {
            mistakes(["--cluster.member=a", "--cluster.listen-address=127.0.0.1:1", "--cluster.initial-members=\(members)"])
        }
        #expect(lines("a=h:1,b=h:2,c=h:3").isEmpty)
        #expect(lines("a=h:1,a=h:2") == ["--cluster.initial-members: \"a=h:2\" repeats a name; allowed: a name once"])
        #expect(lines("a=h:1,b=H:1") == ["--cluster.initial-members: \"b=h:1\" repeats an address; allowed: an address once"])
        #expect(
            lines("x=h:1,y=h:2") == [
                "--cluster.initial-members: \"x, y\" do not include this member; allowed: a list with cluster.member, which is \"a\""
            ])
        #expect(
            lines("a=h:1,b=h:2,c=h:3,d=h:4,e=h:5,f=h:6,g=h:7,h=h:8") == [
                "--cluster.initial-members: \"8 members\" are too many; allowed: 1 to 7"
            ])
    }

    @Test func `a member listed elsewhere must say where it listens`() {
        #expect(
            mistakes(["--cluster.initial-members=box=10.0.0.1:10311"]) == [
                "--cluster.listen-address (not given): \"127.0.0.1:10311\" is not where the initial members dial this one, "
                    + "10.0.0.1:10311; allowed: the address to listen on, such as :10311"
            ])
        #expect(mistakes(["--cluster.initial-members=box=127.0.0.1:10311"]).isEmpty)
    }

    @Test func `a node that joins has no initial members, and gives addresses that make sense`() throws {
        let joining = try load(["--cluster.join=a.example:1,127.0.0.1:2", "--cluster.advertise-address=b.example:3"])
        #expect(joining.cluster.joinAddresses.map(\.description) == ["a.example:1", "127.0.0.1:2"])
        #expect(joining.cluster.initialMembers.isEmpty)
        #expect(try load().cluster.joinAddresses.isEmpty)
        #expect(
            mistakes(["--cluster.join=127.0.0.1:1", "--cluster.initial-members=box=127.0.0.1:10311"]) == [
                "--cluster.join: \"127.0.0.1:1\" is given beside cluster.initial-members; allowed: one of them: the initial members found "
                    + "a cluster, a node that joins is none of them"
            ])
        #expect(
            mistakes(["--cluster.join=127.0.0.1:1,127.0.0.1:1"]) == [
                "--cluster.join: \"127.0.0.1:1\" is listed twice; allowed: an address once"
            ])
        #expect(
            mistakes(["--cluster.join=127.0.0.1:10311"]) == [
                "--cluster.join: \"127.0.0.1:10311\" is this node itself; allowed: members of the cluster to join"
            ])
        #expect(
            mistakes(["--cluster.join=a.example:1"]) == [
                "--cluster.listen-address (not given): \"127.0.0.1:10311\" is not where the members at a.example:1 could dial this node; "
                    + "allowed: an address that they reach, in --cluster.listen-address or --cluster.advertise-address"
            ])
        let many = (1...17).map { "127.0.0.1:\($0)" }.joined(separator: ",")
        #expect(mistakes(["--cluster.join=\(many)"]) == ["--cluster.join: \"17 addresses\" are too many; allowed: 1 to 16"])
    }

    @Test func `the storage folder can be written`() {
        #expect(
            mistakes(["--storage.path=/ro"], files: files(readOnly: "/ro")) == [
                "--storage.path: \"/ro\" cannot be written: /ro: Permission denied; allowed: a folder that can be written or created"
            ])
    }

    @Test func `the socket is in the storage path, and its path must be short enough for the system`() throws {
        #expect(try load(["--storage.path=/s"]).adminSocketPath == "/s/admin.sock")
        #expect(try load(["--storage.path=/s", "--admin.socket=/run/q"]).adminSocketPath == "/run/q")
        let long = "/" + String(repeating: "x", count: 97)
        #expect(try load(["--storage.path=/" + String(repeating: "x", count: 95)]).adminSocketPath.utf8.count == 107)
        #expect(
            mistakes(["--storage.path=\(long)"]) == [
                "--admin.socket (not given): \"\(long)/admin.sock\" is no path for a socket; allowed: a file's path of 1 to 107 bytes"
            ])
        #expect(mistakes(["--storage.path=\(long)", "--admin.socket=/run/q"]).isEmpty)
        #expect(mistakes(["--admin.socket=/run/"]).count == 1)
    }

    @Test func `on this machine a file is no folder, and a folder below one that exists can be made`() {
        let system = ConfigurationFiles.system
        #expect(system.folderProblem("/dev/null") == "cannot be a folder: /dev/null is a file")
        #expect(system.folderProblem("/dev/null/x") == "cannot be used: /dev/null/x: Not a directory")
        #expect(system.folderProblem("/tmp/quorum-not-there/a/b/") == nil)
        #expect(throws: FileProblem("cannot be read: Is a directory")) { _ = try system.read("/tmp") }
        #expect(throws: FileProblem("is larger than 1048576 bytes")) { _ = try system.read("/dev/zero") }
    }
}
