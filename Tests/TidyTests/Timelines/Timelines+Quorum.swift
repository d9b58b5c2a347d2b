/// Timelines of a quorum that is lost, at risk, or restarted node by node.
extension Timeline {
    static let ofQuorums: [Timeline] = [
        Timeline(
            "quorum-lost-and-back", "Two of three die, the quorum is lost for half an hour, then all is well again.",
            World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) {
                $0.kill("a", "b"); $0.loseLeader()
            }
            $0.at(2_400) {
                $0.revive("a", "b"); $0.elect("b", term: 4)
            }
            $0.fires(Alert("QuorumNoLeader"), Alert("QuorumNoView"), Alert("QuorumViewStale"))
            $0.fires(Alert("QuorumNodeNotScraped", instance: "a"), Alert("QuorumNodeNotScraped", instance: "b"))
            for member in ["a", "b", "c"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            $0.firing(at: 660)
            $0.firing(at: 2_700)
        },
        Timeline(
            "quorum-lost-for-good",
            "A member is down when the quorum is lost: its page stays, and after an hour it is unknown like the rest.",
            minutes: 90, World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(1_200) {
                $0.kill("a", "b"); $0.loseLeader()
            }
            $0.fires(Alert("QuorumNodeDown", member: "d"), Alert("QuorumNoLeader"), Alert("QuorumNoView"), Alert("QuorumViewStale"))
            $0.fires(Alert("QuorumNodeNotScraped", instance: "a"), Alert("QuorumNodeNotScraped", instance: "b"))
            for member in ["a", "b", "c", "d"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            let known = [
                Alert("QuorumNoLeader"), Alert("QuorumNoView"), Alert("QuorumViewStale"), Alert("QuorumNodeNotScraped", instance: "a"),
                Alert("QuorumNodeNotScraped", instance: "b"), Alert("QuorumMemberStatusUnknown", member: "a"),
                Alert("QuorumMemberStatusUnknown", member: "b"), Alert("QuorumMemberStatusUnknown", member: "c"),
            ]
            $0.moments.append((4_500, known + [Alert("QuorumNodeDown", member: "d")]))
            $0.moments.append((5_280, known + [Alert("QuorumMemberStatusUnknown", member: "d")]))
        },
        Timeline(
            "quorum-lost-with-a-member-down", "A member stays down across a lost quorum; it is paged once.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(1_200) {
                $0.kill("a", "b"); $0.loseLeader()
            }
            $0.at(2_400) {
                $0.revive("a", "b"); $0.elect("c", term: 3)
            }
            $0.fires(Alert("QuorumNodeDown", member: "d"), Alert("QuorumNoLeader"), Alert("QuorumNoView"), Alert("QuorumViewStale"))
            $0.fires(Alert("QuorumNodeNotScraped", instance: "a"), Alert("QuorumNodeNotScraped", instance: "b"))
            for member in ["a", "b", "c"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            $0.firing(at: 2_700, Alert("QuorumNodeDown", member: "d"))
        },
        Timeline(
            "disks-hang", "The leader proves itself by heartbeats but nothing is committed, since the followers' disks hang.",
            World(voters: ["a", "b", "c"])
        ) {
            $0.at(600) {
                $0.isCommitting = false; $0.change { $0.servesView = false }
            }
            $0.at(1_800) { $0.elect("b", term: 2) }
            $0.fires(Alert("QuorumNoView"), Alert("QuorumViewStale"))
            for member in ["a", "b", "c"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            $0.firing(at: 2_100)
        },
        Timeline(
            "rolling-restart-of-three", "Each of three nodes is restarted within half a minute, a minute apart, the leader last.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) { restart(&$0, ["b", "c", "a"], first: 595) },
        Timeline(
            "rolling-restart-of-five", "Each of five nodes is restarted within half a minute, a minute apart, the leader among them.",
            World(voters: ["a", "b", "c", "e", "f"], others: ["d"])
        ) { restart(&$0, ["a", "b", "c", "e", "f"], first: 1_195) },
        Timeline(
            "at-risk", "Of five voters one goes, which is no risk, then a second, which is.", World(voters: ["a", "b", "c", "e", "f"])
        ) {
            $0.at(600) {
                $0.kill("e"); $0.set(.down, "e")
            }
            $0.at(1_500) {
                $0.kill("f"); $0.set(.down, "f")
            }
            $0.at(2_400) {
                $0.revive("f"); $0.set(.up, "f")
            }
            $0.fires(Alert("QuorumNodeDown", member: "e"), Alert("QuorumNodeDown", member: "f"), Alert("QuorumAtRisk"))
            $0.fires(Alert("QuorumNodeNotScraped", instance: "e"), Alert("QuorumNodeNotScraped", instance: "f"))
            $0.firing(at: 1_440, Alert("QuorumNodeDown", member: "e"), Alert("QuorumNodeNotScraped", instance: "e"))
            $0.firing(at: 2_700, Alert("QuorumNodeDown", member: "e"), Alert("QuorumNodeNotScraped", instance: "e"))
        },
        Timeline(
            "one-node", "A cluster of one is never at risk; a member that it watches goes and comes back.",
            World(voters: ["a"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(1_800) { $0.set(.up, "d") }
            $0.fires(Alert("QuorumNodeDown", member: "d"))
            $0.firing(at: 1_500, Alert("QuorumNodeDown", member: "d"))
            $0.firing(at: 1_980)
        },
        Timeline("two-nodes", "A cluster of two loses one and with it the quorum.", World(voters: ["a", "b"])) {
            $0.at(600) {
                $0.kill("b"); $0.loseLeader()
            }
            $0.at(1_800) {
                $0.revive("b"); $0.elect("a", term: 2)
            }
            $0.fires(Alert("QuorumNoLeader"), Alert("QuorumNoView"), Alert("QuorumViewStale"), Alert("QuorumNodeNotScraped", instance: "b"))
            for member in ["a", "b"] { $0.fires(Alert("QuorumMemberStatusUnknown", member: member)) }
            $0.firing(at: 2_100)
        },
        Timeline(
            "founded-anew", "All disks are wiped on purpose and a new cluster of lower terms is founded under the same name.",
            World(voters: ["a", "b", "c"], term: 200)
        ) {
            $0.at(600) { $0.kill("a", "b", "c") }
            $0.at(690) {
                $0.revive("a", "b", "c"); $0.id = "2e"; $0.indexAhead = -690; $0.elect("b", term: 1)
            }
        },
    ]

    /// Half a minute down each, a minute apart; a leader hands over first.
    private static func restart(_ timeline: inout Timeline, _ order: [String], first: Int) {
        var term = 1
        for (at, name) in order.enumerated() {
            let start = first + 60 * at
            let next = order[(at + 1) % order.count]
            term += 1
            let newTerm = term
            timeline.at(start) { world in
                let led = world.nodes.contains { $0.name == name && $0.isLeader }
                world.kill(name)
                if led { world.elect(next, term: newTerm) }
                world.set(.down, name)
            }
            timeline.at(start + 30) {
                $0.revive(name); $0.set(.up, name)
            }
        }
    }
}
