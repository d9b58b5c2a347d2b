/// Timelines of Prometheus's own sight: targets that are gone, and clusters that it might mix up.
extension Timeline {
    static let ofTargets: [Timeline] = [
        Timeline(
            "all-targets-fail", "No node can be scraped for half an hour: one page, for what cannot be seen.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.change { $0.answers = false } }
            $0.at(2_400) { $0.change { $0.answers = true } }
            $0.fires(Alert("QuorumAllTargetsGone"))
            $0.firing(at: 2_340, Alert("QuorumAllTargetsGone"))
            $0.firing(at: 2_580)
        },
        Timeline(
            "all-targets-removed", "Discovery loses the only cluster: within the hour it is named, afterwards nothing is left to name.",
            minutes: 80, World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) { $0.change { $0.isTarget = false } }
            $0.fires(Alert("QuorumAllTargetsGone"), Alert("QuorumAllTargetsGone", cluster: nil, job: nil))
            $0.firing(at: 900, Alert("QuorumAllTargetsGone"))
            $0.firing(at: 4_620, Alert("QuorumAllTargetsGone", cluster: nil, job: nil))
        },
        Timeline(
            "one-cluster-removed", "Discovery loses one of two clusters; the alert ends after an hour, since that may have been meant.",
            minutes: 80, World(voters: ["a", "b", "c"]), World(voters: ["x"], cluster: "other", job: "health", id: "2e")
        ) {
            $0.at(600) { $0.change { $0.isTarget = false } }
            $0.fires(Alert("QuorumAllTargetsGone"))
            $0.firing(at: 900, Alert("QuorumAllTargetsGone"))
            $0.firing(at: 4_620)
        },
        Timeline(
            "one-cluster-fails-for-long", "All targets of a job with any name fail for over an hour; the alert does not tire.",
            minutes: 85, World(voters: ["a", "b", "c"], job: "health"), World(voters: ["x"], cluster: "other", job: "health", id: "2e")
        ) {
            $0.at(600) { $0.change { $0.answers = false } }
            $0.at(4_500) { $0.change { $0.answers = true } }
            $0.fires(Alert("QuorumAllTargetsGone", job: "health"))
            $0.firing(at: 900, Alert("QuorumAllTargetsGone", job: "health"))
            $0.firing(at: 4_440, Alert("QuorumAllTargetsGone", job: "health"))
            $0.firing(at: 4_740)
        },
        Timeline(
            "never-scraped", "The targets of a new job have never answered, while another cluster does.",
            World(voters: ["a", "b", "c"], job: "quorum-new"), World(voters: ["x"], cluster: "other", id: "2e")
        ) {
            $0.worlds[0].change { $0.answers = false }
            $0.fires(Alert("QuorumAllTargetsGone", job: "quorum-new"))
            $0.firing(at: 600, Alert("QuorumAllTargetsGone", job: "quorum-new"))
        },
        Timeline("nothing-to-scrape", "Prometheus runs without any target of this exporter.", minutes: 20) {
            $0.fires(Alert("QuorumAllTargetsGone", cluster: nil, job: nil))
            $0.firing(at: 600, Alert("QuorumAllTargetsGone", cluster: nil, job: nil))
        },
        Timeline(
            "node-not-scraped", "One follower's endpoint does not answer for twenty minutes; the member is well.",
            World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) { $0.change({ $0.name == "c" }) { $0.answers = false } }
            $0.at(1_800) { $0.change({ $0.name == "c" }) { $0.answers = true } }
            $0.fires(Alert("QuorumNodeNotScraped", instance: "c"))
            $0.firing(at: 780)
            $0.firing(at: 1_500, Alert("QuorumNodeNotScraped", instance: "c"))
            $0.firing(at: 1_920)
        },
        Timeline(
            "two-clusters-in-one-job", "Two clusters in one job, of very different terms; a member of the lower one is down.",
            World(voters: ["a", "b", "c"], term: 50), World(voters: ["x", "y", "z"], others: ["d"], cluster: "other", id: "2e", term: 3)
        ) {
            $0.at(600, world: 1) { $0.set(.down, "d") }
            $0.at(1_200, world: 1) { $0.loseLeader() }
            $0.at(1_245, world: 1) { $0.elect("y", term: 4) }
            $0.fires(Alert("QuorumNodeDown", member: "d", cluster: "other"))
            $0.firing(at: 1_500, Alert("QuorumNodeDown", member: "d", cluster: "other"))
        },
        Timeline(
            "mixed-clusters", "Two clusters are scraped under the same labels.",
            World(voters: ["a", "b", "c"], term: 50), World(voters: ["x", "y", "z"], id: "2e", term: 3)
        ) {
            $0.worlds[0].indexAhead = 10_000
            $0.fires(Alert("QuorumMixedClusters"))
            $0.firing(at: 600, Alert("QuorumMixedClusters"))
        },
    ]

    /// All of them; the files in `rules/tests` are written from these.
    static var all: [Timeline] { ofLeaders + ofQuorums + ofMembers + ofTargets }
}
