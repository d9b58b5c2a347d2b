/// Timelines of a leader that changes, falls silent or does not know that it is deposed.
extension Timeline {
    static let ofLeaders: [Timeline] = [
        Timeline(
            "leader-change", "The leader changes twice, once with 45 s without any; nobody is told.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.loseLeader() }
            $0.at(645) { $0.elect("b", term: 2) }
            $0.at(1_500) { $0.elect("c", term: 3) }
        },
        Timeline("leader-killed", "The leader is killed and comes back; one page for it.", World(voters: ["a", "b", "c"], others: ["d"])) {
            $0.at(600) {
                $0.kill("a"); $0.loseLeader()
            }
            $0.at(645) { $0.elect("b", term: 2) }
            $0.at(648) { $0.set(.down, "a") }
            $0.at(1_800) {
                $0.revive("a"); $0.set(.up, "a")
            }
            $0.fires(Alert("QuorumNodeDown", member: "a"), Alert("QuorumNodeNotScraped", instance: "a"), Alert("QuorumAtRisk"))
            $0.firing(at: 540)
            $0.firing(at: 1_500, Alert("QuorumNodeDown", member: "a"), Alert("QuorumNodeNotScraped", instance: "a"), Alert("QuorumAtRisk"))
            $0.firing(at: 2_100)
        },
        Timeline(
            "member-down-through-leader-changes", "A member stays down while the leader changes twice; it is paged once.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(900) { $0.loseLeader() }
            $0.at(945) { $0.elect("b", term: 2) }
            $0.at(1_500) { $0.elect("c", term: 3) }
            $0.at(2_400) { $0.set(.up, "d") }
            $0.fires(Alert("QuorumNodeDown", member: "d"))
            for seconds in [900, 930, 990, 1_500, 1_530, 2_340] { $0.firing(at: seconds, Alert("QuorumNodeDown", member: "d")) }
            $0.firing(at: 2_520)
        },
        Timeline(
            "member-died-with-the-leader", "A member dies together with the leader; both are paged, once each.",
            World(voters: ["a", "b", "c", "e", "f"], others: ["d"])
        ) {
            $0.at(600) {
                $0.kill("a"); $0.loseLeader()
            }
            $0.at(645) { $0.elect("b", term: 2) }
            $0.at(650) { $0.set(.down, "a", "d") }
            $0.fires(
                Alert("QuorumNodeDown", member: "a"), Alert("QuorumNodeDown", member: "d"), Alert("QuorumNodeNotScraped", instance: "a"))
            $0.firing(at: 840, Alert("QuorumNodeDown", member: "a"), Alert("QuorumNodeDown", member: "d"))
        },
        Timeline(
            "deposed-leader-still-answers",
            "A leader that was cut off goes on serving its last view, in which d is down; the new leader's view counts.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(1_200) { $0.change({ $0.name == "a" }) { $0.follows = false } }
            $0.at(1_203) { $0.elect("b", term: 2) }
            $0.at(1_210) {
                $0.change({ $0.name == "a" }) {
                    $0.isLeader = false; $0.hasLeader = false
                }
            }
            $0.at(1_260) {
                $0.set(.up, "d"); $0.set(.down, "a")
            }
            $0.fires(Alert("QuorumNodeDown", member: "d"), Alert("QuorumNodeDown", member: "a"), Alert("QuorumAtRisk"))
            $0.firing(at: 1_140, Alert("QuorumNodeDown", member: "d"))
            $0.firing(at: 1_800, Alert("QuorumNodeDown", member: "a"), Alert("QuorumAtRisk"))
        },
        Timeline(
            "leader-not-scraped", "Only Prometheus cannot reach the leader: there is a leader, but no view to be seen.",
            World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) { $0.change({ $0.name == "a" }) { $0.answers = false } }
            $0.at(1_800) { $0.change({ $0.name == "a" }) { $0.answers = true } }
            $0.fires(Alert("QuorumNoView"), Alert("QuorumNodeNotScraped", instance: "a"))
            for member in ["a", "b", "c"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            $0.firing(at: 2_100)
        },
        Timeline("leader-flapping", "The leader changes every minute for ten minutes.", World(voters: ["a", "b", "c"])) { timeline in
            for minute in 1...10 { timeline.at(900 + 60 * minute) { $0.elect(["a", "b", "c"][minute % 3], term: 1 + minute) } }
            timeline.fires(Alert("QuorumLeaderFlapping"))
            timeline.firing(at: 900)
            timeline.firing(at: 1_560, Alert("QuorumLeaderFlapping"))
            timeline.firing(at: 2_700)
        },
        Timeline("two-leaders", "Two nodes of one cluster call themselves leader for ten minutes.", World(voters: ["a", "b", "c"])) {
            $0.at(600) {
                $0.change({ $0.name == "a" }) {
                    $0.follows = false; $0.servesView = false
                }
            }
            $0.at(602) { $0.elect("b", term: 2) }
            $0.at(1_200) { $0.cutOff("a") }
            $0.fires(Alert("QuorumTwoLeaders"))
            $0.firing(at: 1_140, Alert("QuorumTwoLeaders"))
            $0.firing(at: 1_320)
        },
        Timeline(
            "clock-ahead", "A leader whose clock is ten minutes ahead, then one whose clock is behind, is not a stale view.",
            World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) { $0.clockAhead = 600 }
            $0.at(1_200) { $0.clockAhead = -600 }
        },
    ]
}
