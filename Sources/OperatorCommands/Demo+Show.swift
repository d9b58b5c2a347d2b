import Glibc

extension Demo {
    /// Looks, acts and draws until told to stop.
    mutating func show() throws(DemoError) {
        while !isOver {
            let start = SystemCalls.monotonicSeconds()
            try noteEnds()
            let next = DemoPoll.picture(plan, table) { StopSignals.count > 0 }
            if StopSignals.count > 0 { return }
            pending += DemoEvents.changes(from: picture, to: next).map(timed)
            noteAgreement(next)
            try strike(next)
            picture = next
            draw(next)
            let interval = agreedAfter == nil ? Demo.restlessSeconds : Demo.calmSeconds
            try wait(until: start + interval)
        }
        if let seconds = settings.durationSeconds, agreedAfter == nil, StopSignals.count == 0 { throw .neverAgreed(seconds: seconds) }
    }

    private var elapsed: Double { SystemCalls.monotonicSeconds() - began }

    private var isOver: Bool {
        StopSignals.count > 0 || isOutputGone || settings.durationSeconds.map { elapsed >= Double($0) } ?? false
    }

    private func timed(_ line: String) -> String {
        let tenths = Int(elapsed * 10)
        return "\(tenths / 10).\(tenths % 10) s: \(line)"
    }

    private mutating func noteAgreement(_ next: DemoPicture) {
        guard agreedAfter == nil, next.isAgreed else { return }
        agreedAfter = elapsed
        pending.append(timed("the three agree: \(next.leader ?? "-") leads, all are up"))
    }

    private mutating func noteEnds() throws(DemoError) {
        for ended in table.reap() {
            pending.append(timed("\(ended.name) \(ended.end)"))
            if case .exited(let status) = ended.end, status != 0 { pending += lastWords(ended.name) }
        }
        let haveAllEnded = plan.members.allSatisfy { table[$0.name]?.pid == nil }
        guard haveAllEnded, agreedAfter == nil else { return }
        pending = []
        throw .nothingRuns(plan.members.flatMap { lastWords($0.name) })
    }

    private func lastWords(_ name: String) -> [String] {
        guard let process = table[name] else { return [] }
        return LogTail.lines(of: process.logPath).map { "  \(name): \($0)" }
    }

    private mutating func strike(_ next: DemoPicture) throws(DemoError) {
        guard settings.isChaotic else { return }
        let leader = plan.members.firstIndex { $0.name == next.leader }
        let act = chaos.next(
            at: SystemCalls.monotonicSeconds(), isWell: next.isWell, leader: leader, count: plan.members.count, using: &random)
        guard let act else { return }
        pending.append(timed("chaos: \(try perform(act))"))
    }

    /// - Returns: the act in words.
    private mutating func perform(_ act: ChaosPlan.Act) throws(DemoError) -> String {
        switch act {
        case .kill(let index):
            table.kill(plan.members[index].name)
            return "kills \(plan.members[index].name)"
        case .freeze(let index):
            table.freeze(plan.members[index].name)
            return "freezes \(plan.members[index].name)"
        case .stop(let index):
            table.stop(plan.members[index].name)
            return "stops \(plan.members[index].name) in an orderly way"
        case .resume(let index):
            table.resume(plan.members[index].name)
            return "resumes \(plan.members[index].name)"
        case .restart(let index):
            try table.restart(plan.members[index].name)
            return "starts \(plan.members[index].name) again"
        }
    }

    private mutating func wait(until end: Double) throws(DemoError) {
        while !isOver, SystemCalls.monotonicSeconds() < end {
            let rest = end - SystemCalls.monotonicSeconds()
            guard SystemCalls.waitForInput(readsInput ? 0 : -1, atMost: rest), readsInput else { continue }
            try takeInput()
        }
    }

    private mutating func takeInput() throws(DemoError) {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
        guard count > 0 else {
            readsInput = count < 0 && errno == EINTR
            return
        }
        for _ in bytes[..<count].filter({ $0 == 0x0A }) { block.noteEnteredLine() }
        for member in plan.members where table[member.name]?.pid == nil {
            try table.restart(member.name)
            pending.append(timed("\(member.name) is started again"))
        }
    }

    private mutating func draw(_ next: DemoPicture) {
        let isColoured = settings.isTerminal && settings.environment["NO_COLOR", default: ""].isEmpty
        let screen = DemoScreen(isColoured: isColoured)
        if settings.isTerminal {
            let lines = screen.lines(next, elapsedSeconds: elapsed, nowMilliseconds: SystemCalls.wallMilliseconds())
            write(block.frame(events: pending, block: [""] + lines))
        } else {
            // Every change, and now and then that nothing changed.
            if !pending.isEmpty || plainShownAt.map({ elapsed - $0 >= 10 }) ?? true {
                pending.append(timed(screen.plainLine(next)))
                plainShownAt = elapsed
            }
            write(pending.map { $0 + "\n" }.joined())
        }
        pending = []
    }
}
