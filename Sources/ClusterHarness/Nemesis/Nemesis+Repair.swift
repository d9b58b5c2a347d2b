import Foundation
import ScrapeHistory

/// What the README tells the operator of a node whose store is damaged, carried out to the letter.
extension Nemesis {
    /// How long a node may take from its start on an empty path until it is a voter again and shown up, another one being killed meanwhile.
    private static let limit = Duration.seconds(25)

    /// Brings a node back whose store is refused: in three steps, or in two by `members replace`. In every second case a node is killed on
    /// the way.
    /// - Throws: `HarnessError` when the steps do not do it.
    func repair(_ victim: HarnessNode) async throws {
        let others = cluster.nodes(except: victim)
        guard let healthy = others.randomElement(using: &numbers) else { return }
        if Bool.random(using: &numbers) {
            try await removeAndJoin(victim, told: healthy)
        } else {
            try await replace(victim, told: healthy)
        }
        if Bool.random(using: &numbers), let second = others.randomElement(using: &numbers) {
            try await killNow(second)
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...800, using: &numbers)))
            try await startAgain(second)
            count("kill while a store is repaired")
        }
        try await untilVoterAgain(victim, told: healthy)
        count("stores repaired")
    }

    private func removeAndJoin(_ victim: HarnessNode, told healthy: HarnessNode) async throws {
        try await deed("remove \(victim.name), told \(healthy.name)") {
            $0.removed.insert(victim.name)
        } _: {
            try await tell(["members", "remove", victim.name], healthy) { !$0.contains("\n\(victim.name) ") }
        }
        try empty(victim.storagePath)
        try await deed("start \(victim.name) to join") {
            $0.gone.remove(victim.name)
        } _: {
            try startToJoin(victim)
            try await untilItAnswers(victim)
        }
    }

    private func replace(_ victim: HarnessNode, told healthy: HarnessNode) async throws {
        try empty(victim.storagePath)
        try startToJoin(victim)
        try await untilItAnswers(victim)
        try await deed("replace \(victim.name), told \(healthy.name)") {
            $0.removed.insert(victim.name)
            $0.gone.remove(victim.name)
        } _: {
            try await tell(["members", "replace", victim.name, victim.clusterAddress], healthy) { list in
                ["learner", "learner,"].contains(role(of: victim, in: list))
            }
        }
    }

    private func untilVoterAgain(_ victim: HarnessNode, told healthy: HarnessNode) async throws {
        let began = ContinuousClock.now
        var list = ""
        do {
            _ = try await eventually("\(victim.name) a voter again and all up", within: Nemesis.limit, every: .milliseconds(100)) {
                guard victim.isRunning else { throw HarnessError("\(victim.name) ended") }
                list = try await healthy.command(["members", "list"]).text
                let areVoters = cluster.nodes.allSatisfy { ["voter", "voter,"].contains(role(of: $0, in: list)) }
                guard areVoters, let serving = try await cluster.serving() else { return nil as Void? }
                return try await areAllWell(victim, in: serving) ? () : nil
            }
        } catch { throw HarnessError("\(error)\nmembers list:\n\(list)") }
        note("\(victim.name) is a voter again", since: began) { $0.removed.remove(victim.name) }
    }

    /// Whether everybody is up, but for others that wait for having gone up and down too often in these minutes.
    private func areAllWell(_ victim: HarnessNode, in serving: Observation) async throws -> Bool {
        guard let view = serving.view, view.members[victim.name]?.state == "up" else { return false }
        let waiting = cluster.nodes.filter { view.members[$0.name]?.state != "up" }
        guard !waiting.isEmpty else { return true }
        let samples: Samples
        do {
            samples = try Samples(parsing: try await cluster.node(serving.node).request("/metrics").body)
        } catch {
            // Whoever served was killed since: it is looked at again.
            return false
        }
        return waiting.allSatisfy { samples.value("quorum_member_flapping", ["member": $0.name]) == 1 }
    }

    // MARK: What an operator does

    /// Gives a command: any node will do, so one at which it is not obeyed in time is noted, and the leader is told instead.
    private func tell(_ words: [String], _ node: HarnessNode, isDone: (_ list: String) -> Bool) async throws {
        do { try await insist(words, node, within: timing.livenessBound, isDone) } catch {
            broken.append("\(error)\n\(await links(of: node))")
            report("\(error)")
            try await insist(words, await cluster.leader(), within: timing.livenessBound, isDone)
        }
    }

    /// Gives a command until it is obeyed; whether one that was not obeyed is done all the same is looked up before it is given again.
    private func insist(_ words: [String], _ node: HarnessNode, within limit: Duration, _ isDone: (_ list: String) -> Bool) async throws {
        let command = words.joined(separator: " ") + ", told \(node.name)"
        var said = ""
        do {
            _ = try await eventually(command, within: limit, every: .milliseconds(500)) { () -> Bool? in
                let result = try await node.command(words)
                if result.status == 0 { return true }
                if result.text != said { report("\(command): \(result.text)") }
                said = result.text
                count("commands not obeyed at once")
                let list = try await node.command(["members", "list"])
                return list.status == 0 && isDone("\n" + list.text) ? true : nil
            }
        } catch { throw HarnessError("\(error): \(said)") }
    }

    /// Whom a node has a connection with, and whom it follows.
    private func links(of node: HarnessNode) async -> String {
        let text = (try? await node.request("/metrics").body).map { String(decoding: $0, as: UTF8.self) } ?? "no answer"
        let wanted = ["quorum_link_up", "quorum_raft_leader_info", "quorum_raft_role", "quorum_raft_term", "quorum_member_info"]
        return text.split(separator: "\n").filter { line in wanted.contains { line.hasPrefix($0) } }.joined(separator: "\n")
    }

    /// Empties the path but leaves it: it may be where a disk is mounted.
    private func empty(_ folder: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }

    private func startToJoin(_ victim: HarnessNode) throws {
        let join = cluster.nodes(except: victim).map(\.clusterAddress).joined(separator: ",")
        try victim.start(["--cluster.join=\(join)"], without: ["--cluster.initial-members"])
        report("start \(victim.name) on an empty path with --cluster.join=\(join)")
    }

    /// The second word of its line.
    private func role(of node: HarnessNode, in list: String) -> String {
        let lines = list.split(separator: "\n").map { $0.split(separator: " ") }
        return lines.first { $0.first.map { $0 == node.name } ?? false }?.dropFirst().first.map { String($0) } ?? "none"
    }
}
