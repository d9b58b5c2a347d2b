import Exposition
import MetricCatalog
import RaftCore
import Testing

@testable import ClusterHealth

/// Names, versions and mount points come from elsewhere: whatever they are, a scrape stays whole.
@Suite struct HostileInputTests {
    static let names = [
        "quote\"d", "new\nline", "back\\slash", "both\\\"", "trailing\\", "emoji 🦆", "brace}{", "comma,=", " ", "\r\n\t", "\u{0}", "naïve",
        "# HELP quorum_raft_term no", "quorum_raft_term 1",
    ]

    @Test func `Hostile member names are escaped, and promtool reads the scrape`() throws {
        let families = hostileFamilies()
        try families.validate()
        let scrape = TextFormat.text.render(families)
        #expect(ScrapeText.repeatedSeries(in: scrape) == [])
        let answer = try promtoolCheck(scrape)
        #expect(answer.status == 0, "\(answer.output)")
    }

    @Test func `Hostile member names are read back as they were`() throws {
        let states = try #require(hostileFamilies().first { $0.name == "quorum_member_flapping" })
        guard case .gauge(let samples) = states.points else {
            Issue.record("no gauge")
            return
        }
        #expect(samples.compactMap { $0.labels.pairs.first?.value }.sorted() == HostileInputTests.names.sorted())
    }

    @Test func `Two rows of one name make one set of series`() throws {
        // No view is like this: names are unique in a membership. If one ever is, it must not cost the scrape.
        var view = ClusterHealthView()
        view.rows[NodeID(1)] = MemberRow(name: "twin", role: .voter, address: "a:1", webURL: "http://a")
        view.rows[NodeID(2)] = MemberRow(name: "twin", role: .voter, address: "b:1", webURL: "http://b")
        let families = Catalog.viewFamilies(
            ViewFacts(view: view, term: Term(1), index: LogIndex(1), tracking: ViewFacts.LeaderTracking(leader: NodeID(9))))
        try families.validate()
    }

    @Test func `A mount point reported twice, and a thousand of them, leave a valid and bounded scrape`() throws {
        var facts = ExampleFacts.view()
        var rows = facts.view.rows
        let filesystems = (0..<1_000).map { HealthSample.Filesystem(mountpoint: "/\($0 / 2)", sizeBytes: .max, availableBytes: .max) }
        rows.updateEach { _, row in row.sample?.resources.filesystems = filesystems }
        facts.view = ClusterHealthView(membership: facts.view.membership, rows: rows, clusterTime: nil, wallTime: nil, transitions: [])
        let families = Catalog.viewFamilies(facts)
        try families.validate()
        let sizes = try #require(families.first { $0.name == "quorum_member_filesystem_size_bytes" })
        #expect(sizes.points.seriesCount == 2 * 8, "two members report; of 16 entries half repeat")
    }

    @Test func `Extreme numbers are written and accepted`() throws {
        var facts = ExampleFacts.view()
        var rows = facts.view.rows
        rows.updateEach { _, row in
            row.transitionsTo = [.max, .max]
            row.sinceWall = WallTime(milliseconds: .min)
            row.sample?.measuredAt = WallTime(milliseconds: .max)
            row.sample?.resources.load1Thousandths = .max
            row.sample?.resources.memoryTotalBytes = .max
            row.sample?.resources.cpuUsageMillionths = .max
        }
        facts.view = ClusterHealthView(membership: facts.view.membership, rows: rows, clusterTime: nil, wallTime: nil, transitions: [])
        let families = Catalog.viewFamilies(facts)
        try families.validate()
        let answer = try promtoolCheck(TextFormat.text.render(families))
        #expect(answer.status == 0, "\(answer.output)")
    }

    @Test func `Counts of one label value are added up, and a probe named twice counts once`() throws {
        var facts = ExampleFacts.leader()
        facts.rejectedConnections = [
            NodeFacts.LabelledCount(label: "garbage", count: 1), NodeFacts.LabelledCount(label: "cluster", count: 5),
            NodeFacts.LabelledCount(label: "garbage", count: 2),
        ]
        facts.httpRequests += facts.httpRequests
        facts.probes += facts.probes
        let families = Catalog.nodeFamilies(facts)
        try families.validate()
        let text = String(decoding: TextFormat.text.render(families), as: UTF8.self)
        #expect(text.contains("quorum_transport_rejected_connections_total{reason=\"garbage\"} 3\n"))
        #expect(text.contains("quorum_http_requests_total{handler=\"/metrics\",code=\"200\"} 24\n"))
    }

    /// A view in which every member says everything, under a hostile name.
    private func hostileFamilies() -> [MetricFamily] {
        let known = ExampleFacts.view().view.rows.values[0]
        let unnamed = viewOfUnknown(HostileInputTests.names)
        var rows = unnamed.view.rows
        rows.updateEach { _, row in
            let name = row.name
            row = known
            row.name = name
            row.sample?.version = name
            row.sample?.resources.filesystems = [HealthSample.Filesystem(mountpoint: name, sizeBytes: 2, availableBytes: 1)]
        }
        let view = ClusterHealthView(
            membership: unnamed.view.membership, rows: rows, clusterTime: nil, wallTime: nil, transitions: [], links: unnamed.view.links)
        return Catalog.viewFamilies(ViewFacts(view: view, term: Term(1), index: LogIndex(1), tracking: unnamed.tracking))
    }
}
