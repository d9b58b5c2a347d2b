import ClusterHealth
import Exposition
import MetricCatalog
import RaftCore
import Testing

/// What is not known is left out: no NaN, and no 0 for "don't know".
@Suite struct UnknownTests {
    @Test func `An unknown member has a state but is neither up nor down`() {
        let lines = viewLines(of: ["alpha"])
        #expect(lines.contains(#"quorum_member_state{member="alpha",state="unknown"} 1"#))
        #expect(lines.contains(#"quorum_member_state{member="alpha",state="up"} 0"#))
        #expect(!lines.contains { $0.hasPrefix("quorum_member_up") })
        #expect(!lines.contains { $0.hasPrefix("quorum_member_state_since") })
        #expect(!lines.contains { $0.hasPrefix("quorum_member_down_info") })
        for name in ["cpu", "memory", "filesystem", "load1", "boot", "report", "raft", "version"] {
            #expect(!lines.contains { $0.hasPrefix("quorum_member_" + name) }, "\(name)")
        }
    }

    @Test func `Every state and every transition has its series from the first on`() {
        let lines = viewLines(of: ["alpha"])
        #expect(lines.filter { $0.hasPrefix("quorum_member_state{") }.count == 6)
        let transitions = lines.filter { $0.hasPrefix("quorum_member_transitions_total{") }
        #expect(transitions.count == 5 && transitions.allSatisfy { $0.hasSuffix(" 0") && !$0.contains("unknown") })
        #expect(lines.contains(#"quorum_heartbeats_total{member="alpha"} 0"#))
    }

    @Test func `The leader sends itself no heartbeats`() {
        let facts = ExampleFacts.view()
        let lines = self.lines(Catalog.trackedFamilies(facts))
        #expect(lines.contains { $0.hasPrefix("quorum_heartbeats_total") && $0.contains("beta") })
        #expect(!lines.contains { $0.hasPrefix("quorum_heartbeat") && $0.contains("alpha") })
    }

    @Test func `One role has a 1 and every other a 0`() {
        for role in RaftStatus.RoleName.allCases {
            var facts = ExampleFacts.leader()
            facts.status.role = role
            let roles = lines(Catalog.nodeFamilies(facts)).filter { $0.hasPrefix("quorum_raft_role{") }
            #expect(roles.count == 5 && roles.filter { $0.hasSuffix(" 1") }.count == 1 && roles.filter { $0.hasSuffix(" 0") }.count == 4)
        }
    }

    @Test func `Every reason has its series from the first on`() {
        let lines = self.lines(Catalog.nodeFamilies(ExampleFacts.newcomer()))
        #expect(lines.filter { $0.hasPrefix("quorum_raft_prevotes_refused_total{") }.count == VoteRefusal.allCases.count)
        #expect(lines.filter { $0.hasPrefix("quorum_raft_leader_stepdowns_total{") }.count == StepDownReason.allCases.count)
        #expect(lines.filter { $0.hasPrefix("quorum_raft_proposals_failed_total{") }.count == ProposalRefusal.allCases.count)
    }

    @Test func `A leader whose name is not known is a leader all the same`() {
        var facts = ExampleFacts.leader()
        facts.status.leader = NodeID(99)
        facts.status.role = .follower
        let lines = self.lines(Catalog.nodeFamilies(facts))
        #expect(lines.contains("quorum_raft_has_leader 1") && lines.contains("quorum_raft_is_leader 0"))
        #expect(!lines.contains { $0.hasPrefix("quorum_raft_leader_info") })
    }

    @Test func `A link to a node outside the membership is left out`() {
        var facts = ExampleFacts.leader()
        facts.links[NodeID(99)] = NodeFacts.LinkFacts(isUp: true)
        #expect(lines(Catalog.nodeFamilies(facts)).filter { $0.hasPrefix("quorum_link_up") }.count == 2)
    }

    @Test func `An observer without an opinion says nothing of a link`() {
        let lines = self.lines(Catalog.viewFamilies(ExampleFacts.view())).filter { $0.hasPrefix("quorum_cluster_link_up") }
        #expect(
            lines == [
                #"quorum_cluster_link_up{from="alpha",to="beta"} 1"#, #"quorum_cluster_link_up{from="alpha",to="gamma"} 0"#,
                #"quorum_cluster_link_up{from="beta",to="alpha"} 1"#,
            ])
    }

    @Test func `The link matrix is left out beyond its limit, and only it`() {
        var facts = ExampleFacts.view()
        let all = Catalog.viewFamilies(facts).filter { $0.points.seriesCount > 0 }.map(\.name)
        facts.linkMatrixMaximumMembers = 2
        let fewer = Catalog.viewFamilies(facts).filter { $0.points.seriesCount > 0 }.map(\.name)
        #expect(all.filter { !fewer.contains($0) } == ["quorum_cluster_link_up"])
    }

    @Test func `A removed member's series end with it`() {
        let facts = ExampleFacts.view()
        let remaining = Membership(clusterID: ExampleFacts.membership.clusterID, members: Array(ExampleFacts.membership.members.prefix(2)))
        let view = ClusterHealthView(
            membership: remaining, rows: facts.view.rows, clusterTime: facts.view.clusterTime, wallTime: facts.view.wallTime,
            transitions: [], links: facts.view.links)
        let lines = self.lines(
            Catalog.viewFamilies(ViewFacts(view: view, term: facts.term, index: facts.index, tracking: facts.tracking)))
        #expect(!lines.isEmpty && !lines.contains { $0.contains("gamma") })
    }

    private func viewLines(of names: [String]) -> [String] { lines(Catalog.viewFamilies(viewOfUnknown(names))) }

    private func lines(_ families: [MetricFamily]) -> [String] {
        String(decoding: TextFormat.text.render(families), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(
            String.init)
    }
}

/// A view of members that have never reported.
func viewOfUnknown(_ names: [String]) -> ViewFacts {
    let members = names.enumerated().map {
        Membership.Member(id: NodeID(UInt64($0.offset + 1)), name: $0.element, role: .voter, address: "h:1", webURL: "http://h")
    }
    let view = ClusterHealthView(
        membership: Membership(clusterID: ClusterID(high: 1, low: 2), members: members), rows: NodeMap(), clusterTime: nil, wallTime: nil,
        transitions: [])
    return ViewFacts(view: view, term: Term(1), index: LogIndex(1), tracking: ViewFacts.LeaderTracking(leader: NodeID(1_000)))
}
