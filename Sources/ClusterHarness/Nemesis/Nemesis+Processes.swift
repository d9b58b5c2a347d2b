import Glibc
import ScrapeHistory

extension Nemesis {
    /// A node is killed, and started again within a second.
    func killAtRandom() async throws {
        guard let victim = cluster.nodes.randomElement(using: &numbers) else { return }
        try await killNow(victim)
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...800, using: &numbers)))
        try await startAgain(victim)
    }

    func kill(_ victims: [HarnessNode], for hold: Duration) async throws {
        for victim in victims { try await killNow(victim) }
        try await Task.sleep(for: hold)
        for victim in victims { try await startAgain(victim) }
    }

    func killNow(_ victim: HarnessNode) async throws {
        guard let running = victim.current, running.ending == nil else {
            throw HarnessError("\(victim.name) ended by itself: \(cluster.logs)")
        }
        try await deed("kill \(victim.name)") {
            $0.gone.insert(victim.name)
        } _: {
            victim.kill()
        }
        guard running.ending == .killed(by: SIGKILL) else {
            throw HarnessError("\(victim.name) was not killed: \(String(describing: running.ending))")
        }
        count("SIGKILL")
    }

    /// Starts it, and waits until it answers.
    func startAgain(_ node: HarnessNode) async throws {
        try await deed("start \(node.name)") {
            $0.gone.remove(node.name)
        } _: {
            try node.start()
            try await untilItAnswers(node)
        }
    }

    func untilItAnswers(_ node: HarnessNode) async throws {
        _ = try await eventually("an answer of \(node.name)", within: .seconds(15)) {
            guard node.isRunning else { throw HarnessError("\(node.name) ended after its start: \(node.lastLogLines)") }
            return try await node.observe().picture
        }
    }

    func freeze(_ victim: HarnessNode, for hold: Duration) async throws {
        try await deed("freeze \(victim.name)") {
            $0.frozen.insert(victim.name)
        } _: {
            victim.signal(SIGSTOP)
            try await untilState(of: victim, isStopped: true)
        }
        try await Task.sleep(for: hold)
        try await deed("thaw \(victim.name)") {
            $0.frozen.remove(victim.name)
        } _: {
            victim.signal(SIGCONT)
            try await untilState(of: victim, isStopped: false)
        }
    }

    private func untilState(of node: HarnessNode, isStopped: Bool) async throws {
        _ = try await eventually("\(node.name) in state T: \(isStopped)", within: .seconds(2), every: .milliseconds(1)) {
            node.current?.stateLetter.flatMap { ($0 == "T") == isStopped ? true : nil }
        }
    }

    /// A stop that is asked for ends the process with status 0.
    func stop(_ victim: HarnessNode, for hold: Duration) async throws {
        guard let process = victim.current else { return }
        try await deed("stop \(victim.name)") {
            $0.gone.insert(victim.name)
        } _: {
            victim.signal(SIGTERM)
            let ending = try await process.waitForEnd(within: .seconds(20))
            if ending != .exited(0) { broken.append("\(victim.name) was told to stop and ended with \(ending)") }
        }
        try await Task.sleep(for: hold)
        try await startAgain(victim)
    }
}
