/// Timelines of members that are added, removed, set aside or late.
extension Timeline {
    static let ofMembers: [Timeline] = [
        Timeline("steady", "Nothing happens.", World(voters: ["a", "b", "c"], others: ["d"])),
        Timeline(
            "restart-and-a-failed-scrape", "A member restarts within ten seconds, and the next scrape of the leader fails.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(610) {
                $0.set(.up, "d"); $0.change({ $0.name == "a" }) { $0.answers = false }
            }
            $0.at(675) { $0.change({ $0.name == "a" }) { $0.answers = true } }
        },
        Timeline(
            "failed-scrapes", "Every seventh scrape of each node fails; a member that is down is paged once all the same.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.worlds[0].failsEvery = 7
            $0.at(600) { $0.set(.down, "d") }
            $0.at(2_400) { $0.set(.up, "d") }
            $0.fires(Alert("QuorumNodeDown", member: "d"))
            $0.firing(at: 1_500, Alert("QuorumNodeDown", member: "d"))
        },
        Timeline(
            "member-removed", "One member is stopped and soon removed, another long after it was paged.",
            World(voters: ["a", "b", "c"], others: ["d", "e"])
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(660) { $0.remove("d") }
            $0.at(1_200) { $0.set(.down, "e") }
            $0.at(1_800) { $0.remove("e") }
            $0.fires(Alert("QuorumNodeDown", member: "e"))
            $0.firing(at: 1_740, Alert("QuorumNodeDown", member: "e"))
            $0.firing(at: 1_920)
        },
        Timeline(
            "member-removed-behind-a-cut-off-voter", "A member is removed while a cut-off voter that is still scraped goes on naming it.",
            World(voters: ["a", "b", "c", "e", "f"], others: ["d"])
        ) {
            $0.at(600) {
                $0.cutOff("c"); $0.set(.down, "c")
            }
            $0.at(900) { $0.set(.down, "d") }
            $0.at(930) { $0.remove("d") }
            $0.fires(Alert("QuorumNodeDown", member: "c"))
            $0.firing(at: 2_400, Alert("QuorumNodeDown", member: "c"))
        },
        Timeline(
            "laggard-returns", "A voter returns after twenty minutes and for a while still names a member that was removed meanwhile.",
            World(voters: ["a", "b", "c", "e", "f"], others: ["d"])
        ) {
            $0.at(600) {
                $0.kill("c"); $0.set(.down, "c")
            }
            $0.at(900) { $0.remove("d") }
            $0.at(1_800) { $0.change({ $0.name == "c" }) { $0.answers = true } }
            $0.at(2_100) {
                $0.revive("c"); $0.set(.up, "c")
            }
            $0.fires(Alert("QuorumNodeDown", member: "c"), Alert("QuorumNodeNotScraped", instance: "c"))
            $0.firing(at: 2_280)
        },
        Timeline(
            "maintenance", "A member is set aside and switched off, another is announced as set aside before it has ever reported.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(World.State(name: "maintenance", up: 1), "d") }
            $0.at(660) { $0.set(World.State(name: "maintenance", up: 0), "d") }
            $0.at(900) { $0.members.append(World.Member(name: "e", role: "learner")) }
            $0.at(900) { $0.set(World.State(name: "maintenance", up: nil), "e") }
            $0.at(2_400) { $0.set(.up, "d") }
        },
        Timeline(
            "maintenance-ends-down", "A member is still off when its maintenance ends.", World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.set(World.State(name: "maintenance", up: 0), "d") }
            $0.at(1_800) { $0.set(.down, "d") }
            $0.fires(Alert("QuorumNodeDown", member: "d"))
            $0.firing(at: 1_740)
            $0.firing(at: 2_100, Alert("QuorumNodeDown", member: "d"))
        },
        Timeline(
            "never-reported", "A member is added and takes ten minutes to report; another is suspect and degraded, which is not down.",
            World(voters: ["a", "b", "c"], others: ["d"])
        ) {
            $0.at(600) { $0.members.append(World.Member(name: "e", role: "learner")) }
            $0.at(600) { $0.set(.unknown, "e") }
            $0.at(700) { $0.set(World.State(name: "suspect", up: 1), "d") }
            $0.at(900) { $0.set(World.State(name: "degraded", up: 1), "d") }
            $0.at(1_200) { $0.set(.up, "e") }
            $0.fires(Alert("QuorumMemberStatusUnknown", member: "e"))
            $0.firing(at: 1_140, Alert("QuorumMemberStatusUnknown", member: "e"))
            $0.firing(at: 1_320)
        },
        Timeline(
            "without-a-cluster-label", "A configuration without the target label `cluster` works too.",
            World(voters: ["a", "b", "c"], others: ["d"], cluster: nil)
        ) {
            $0.at(600) { $0.set(.down, "d") }
            $0.at(1_200) { $0.loseLeader() }
            $0.at(1_245) { $0.elect("b", term: 2) }
            $0.fires(Alert("QuorumNodeDown", member: "d", cluster: nil))
            $0.firing(at: 1_500, Alert("QuorumNodeDown", member: "d", cluster: nil))
        },
    ]
}
