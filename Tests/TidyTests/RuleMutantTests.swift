import Foundation
import Testing

/// The obvious forms of the rules are wrong in ways that only a timeline shows: each is put in place of ours, and one must fail.
struct RuleMutantTests {
    struct Mutant: Sendable, CustomTestStringConvertible {
        /// What the form gets wrong.
        let testDescription: String
        let rule: String
        let expression: String
        /// Instead of ours, when given.
        var hold: String?
        /// The timeline that shows it.
        let timeline: String
    }

    static let mutants: [Mutant] = [
        Mutant(
            testDescription: "an alert on the leader's own series starts anew at each leader change", rule: "QuorumNodeDown",
            expression: "quorum_member_state{state=\"down\"} == 1", timeline: "member-down-through-leader-changes"),
        Mutant(
            testDescription: "without the newest term a deposed leader's verdict stays", rule: "instance:quorum_view:newest",
            expression: "group by (cluster, job, instance) (quorum_view_term)", timeline: "deposed-leader-still-answers"),
        Mutant(
            testDescription: "the highest term of the job hides a second cluster", rule: "instance:quorum_view:newest",
            expression: "group by (cluster, job, instance) (quorum_view_term == on (job) group_left () max by (job) (quorum_view_term))",
            timeline: "two-clusters-in-one-job"),
        Mutant(
            testDescription: "the last verdict of two minutes ends when the quorum is lost", rule: "QuorumNodeDown",
            expression:
                "(last_over_time(member:quorum_member_state:code[2m]) == 0) and on (cluster, job, member) member:quorum_member_info:newest",
            timeline: "quorum-lost-with-a-member-down"),
        Mutant(
            testDescription: "not up is no reason to page in maintenance", rule: "QuorumNodeDown",
            expression: "(last_over_time(member:quorum_member_up[1h]) == 0) and on (cluster, job, member) member:quorum_member_info:newest",
            timeline: "maintenance"),
        Mutant(
            testDescription: "a removed member's last verdict would page for an hour", rule: "QuorumNodeDown",
            expression: "last_over_time(member:quorum_member_state:code[1h]) == 0", timeline: "member-removed"),
        Mutant(
            testDescription: "a restart and one failed scrape must not page", rule: "QuorumNodeDown",
            expression:
                "(last_over_time(member:quorum_member_state:code[1h]) == 0) and on (cluster, job, member) member:quorum_member_info:newest",
            hold: "30s", timeline: "restart-and-a-failed-scrape"),
        Mutant(
            testDescription: "a cut-off voter goes on naming removed members", rule: "member:quorum_member_info:newest",
            expression: "group by (cluster, job, member, role) (quorum_member_info)", timeline: "member-removed-behind-a-cut-off-voter"),
        Mutant(
            testDescription: "who leads cannot be told by the leader's own word", rule: "QuorumNoLeader",
            expression: "max by (cluster, job) (quorum_raft_is_leader) == 0", timeline: "leader-not-scraped"),
        Mutant(
            testDescription: "one moment without a view is no alert", rule: "QuorumNoView",
            expression: "group by (cluster, job) (quorum_build_info) unless on (cluster, job) quorum_view_term", hold: "0s",
            timeline: "leader-change"),
        Mutant(
            testDescription: "two clusters in one job are no two leaders", rule: "QuorumTwoLeaders",
            expression: "count by (job) (quorum_raft_is_leader == 1) > 1", timeline: "two-clusters-in-one-job"),
        Mutant(
            testDescription: "mixed clusters have a leader each", rule: "QuorumTwoLeaders",
            expression: "count by (cluster, job) (quorum_raft_is_leader == 1) > 1", timeline: "mixed-clusters"),
        Mutant(
            testDescription: "two clusters in one job are not mixed", rule: "QuorumMixedClusters",
            expression: "count by (job) (count by (job, id) (quorum_cluster_info)) > 1", timeline: "two-clusters-in-one-job"),
        Mutant(
            testDescription: "a cluster of one would be at risk for ever", rule: "QuorumAtRisk",
            expression: "job:quorum_voters_up:count <= on (cluster, job) floor(job:quorum_voters:count / 2) + 1", timeline: "one-node"),
        Mutant(
            testDescription: "the age by Prometheus's clock depends on the leader's", rule: "QuorumViewStale",
            expression: "min by (cluster, job) (timestamp(quorum_round_timestamp_seconds) - quorum_round_timestamp_seconds) > 30",
            timeline: "clock-ahead"),
        Mutant(
            testDescription: "an age that exists only while proven never grows", rule: "QuorumViewStale",
            expression: "max by (cluster, job) ((time() - quorum_round_timestamp_seconds > 30) and quorum_view_term)",
            timeline: "disks-hang"),
        Mutant(
            testDescription: "changes of the term fire on a rolling restart", rule: "QuorumLeaderFlapping",
            expression: "changes(job:quorum_raft_term:max[15m]) >= 4", timeline: "rolling-restart-of-five"),
        Mutant(
            testDescription: "the span of terms fires when a cluster is founded anew", rule: "QuorumLeaderFlapping",
            expression: "max_over_time(job:quorum_raft_term:max[15m]) - min_over_time(job:quorum_raft_term:max[15m]) > 3",
            timeline: "founded-anew"),
        Mutant(
            testDescription: "absence alone does not see one cluster of two", rule: "QuorumAllTargetsGone",
            expression: "absent(quorum_build_info)", timeline: "one-cluster-removed"),
        Mutant(
            testDescription: "an hour's memory alone tires of a job whose name says nothing", rule: "QuorumAllTargetsGone",
            expression:
                "(group by (cluster, job) (last_over_time(quorum_build_info[1h])) unless on (cluster, job) quorum_build_info)"
                + " or on () absent(quorum_build_info)",
            timeline: "one-cluster-fails-for-long"),
        Mutant(
            testDescription: "a target that fails with all others is not one node's fault", rule: "QuorumNodeNotScraped",
            expression: "up == 0", timeline: "all-targets-fail"),
        Mutant(
            testDescription: "a status that is absent pages for what is down already", rule: "QuorumMemberStatusUnknown",
            expression:
                "group by (cluster, job, member) (member:quorum_member_info:newest)"
                + " unless on (cluster, job, member) last_over_time(member:quorum_member_up[2m])",
            timeline: "maintenance"),
    ]

    @Test("a naive rule is caught", arguments: mutants)
    func aNaiveRuleIsCaught(mutant: Mutant) throws {
        let timeline = try #require(Timeline.all.first { $0.name == mutant.timeline })
        try withTemporaryFolder { folder in
            let rules = try Repository.text("rules/quorum.rules.yml")
            let broken = try #require(Self.replace(mutant, in: rules), "no rule \(mutant.rule)")
            try Data(broken.utf8).write(to: folder.appending(path: "rules.yml"))
            try Data(timeline.text(rules: "rules.yml").utf8).write(to: folder.appending(path: "test.yml"))
            let check = try Promtool.run(["check", "rules", "rules.yml"], in: folder)
            #expect(check.succeeded, "\(check.output)")
            let result = try Promtool.run(["test", "rules", "test.yml"], in: folder)
            #expect(!result.succeeded, "\(mutant.timeline) does not notice")
        }
    }

    /// The rules with one expression exchanged, and the time it must hold.
    static func replace(_ mutant: Mutant, in rules: String) -> String? {
        var lines = rules.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasSuffix("- alert: " + mutant.rule) || $0.hasSuffix("- record: " + mutant.rule) }),
            let expression = lines[start...].firstIndex(where: { $0.hasPrefix("        expr:") })
        else { return nil }
        let rest = lines[(expression + 1)...].drop { $0.hasPrefix("          ") }
        lines.replaceSubrange(expression..<rest.startIndex, with: ["        expr: '\(mutant.expression)'"])
        if let hold = mutant.hold {
            guard let line = lines[expression...].firstIndex(where: { $0.hasPrefix("        for:") }) else { return nil }
            lines[line] = "        for: \(hold)"
        }
        return lines.joined(separator: "\n")
    }
}
