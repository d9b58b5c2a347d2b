@testable import RaftCore

/// Nodes 1 … n joined by a network and disks that do what the test says: every message and every write waits until it is delivered,
/// lost or confirmed. The clock stands still but for the test.
struct Cluster {
    var now = MonotonicInstant.start
    var hosts: [Host]
    /// On their way, oldest first.
    var messages: [Envelope] = []
    /// One-way links that carry nothing.
    var cut: [Link] = []
    var checker: SafetyChecker
    private(set) var random: RandomSource
    private let configuration: RaftConfiguration
    private var lastNumber = 0
    /// Whether nodes draw from a seed that only their number and their starts decide, and what they ask for is kept.
    private let isScripted: Bool
    /// What nodes asked for and the script has not taken yet.
    private var asked: [(position: Int, ready: Ready)] = []

    /// A message on its way.
    struct Envelope {
        var number: Int
        var from: NodeID
        var to: NodeID
        var message: Message
        var due: MonotonicInstant
    }

    struct Link: Equatable {
        var from: NodeID
        var to: NodeID
    }

    /// One machine: its process, which may be gone, and its disk, which stays.
    struct Host {
        var id: NodeID
        var node: RaftNode?
        var disk: Disk
        /// Handed out and not yet durable.
        var writes: [Write] = []
        /// The node's log, as its writes tell it.
        var shadow: [LogEntry]
        /// Through here its state machine has applied.
        var applied = 0
        var state = ModelState()
        /// A snapshot of the state machine that is not handed to the core yet.
        var captured: Snapshot?
        var seenCommit = LogIndex.zero
        /// Requests for proof, with what was committed when they were made.
        var proofsAsked: [(id: ProofID, committed: Int)] = []
        var proofs: [ProofAnswer] = []
        var facts: [RaftFact] = []
        var probes: [NodeID] = []
        /// By how much its clock has run further than the cluster's.
        var ahead = Duration.zero
        var starts: UInt64 = 0
    }

    struct Write {
        var write: StorageWrite
        var due: MonotonicInstant
    }

    init(
        voters: Int = 3, learners: Int = 0, outside: Int = 0, terms: [[UInt64]] = [], term: UInt64? = nil,
        configuration: RaftConfiguration = raftConfiguration(), seed: UInt64 = 1
    ) {
        let members = membership(voters: voters, learners: learners)
        let disks = (0..<(voters + learners)).map { position in
            let entries = log(members, position < terms.count ? terms[position] : [])
            return Disk(hardState: HardState(term: term.map(Term.init) ?? entries.last?.term ?? .zero), entries: entries)
        }
        let strangers = (0..<outside).map { _ in Disk(hardState: HardState(), entries: []) }
        self.init(disks: disks + strangers, configuration: configuration, seed: seed)
    }

    /// Nodes that start with these disks.
    init(disks: [Disk], configuration: RaftConfiguration, seed: UInt64 = 1, isScripted: Bool = false) {
        self.configuration = configuration
        self.isScripted = isScripted
        random = RandomSource(seed: seed)
        checker = SafetyChecker()
        hosts = disks.enumerated().map { position, disk in
            Host(id: NodeID(UInt64(position + 1)), disk: disk, shadow: disk.entries)
        }
        for host in hosts { checker.noteStored(host.shadow, of: host.id) }
        for position in hosts.indices { start(position) }
    }

    // MARK: Processes

    mutating func restart(_ number: UInt64) { start(position(number)) }

    /// Starts a node from another disk.
    mutating func restore(_ number: UInt64, disk: Disk) {
        crash(number)
        hosts[position(number)].disk = disk
        checker.noteStored(disk.entries, of: hosts[position(number)].id)
        start(position(number))
    }

    /// Ends a process. Of the writes not yet confirmed, the first so many reached the disk.
    mutating func crash(_ number: UInt64, keeping kept: Int = 0) {
        let position = position(number)
        for write in hosts[position].writes.prefix(kept) { store(write.write, at: position) }
        hosts[position].writes = []
        hosts[position].node = nil
        hosts[position].proofsAsked = []
        hosts[position].proofs = []
        hosts[position].facts = []
        hosts[position].captured = nil
    }

    private mutating func start(_ position: Int) {
        hosts[position].starts += 1
        let seed = isScripted ? UInt64(position + 1) * 1_000 + hosts[position].starts : random.next()
        hosts[position].node = RaftNode(
            id: hosts[position].id, configuration: configuration, recovered: hosts[position].disk.recovered, seed: seed,
            now: time(at: position))
        hosts[position].shadow = hosts[position].disk.entries
        let snapshot = hosts[position].disk.snapshot
        hosts[position].applied = Int(snapshot?.position.index.rawValue ?? 0)
        hosts[position].state = snapshot.map(ModelState.init) ?? ModelState()
        hosts[position].seenCommit = snapshot?.position.index ?? .zero
        collect(position)
    }

    // MARK: Inputs

    /// Gives an input to a node that is up, and takes what it asks for.
    mutating func input<Result>(_ position: Int, _ body: (inout RaftNode, MonotonicInstant) -> Result) -> Result? {
        guard hosts[position].node != nil else { return nil }
        let instant = time(at: position)
        let result = hosts[position].node.mutate { body(&$0, instant) }
        collect(position)
        return result
    }

    mutating func propose(_ number: UInt64, _ bytes: [UInt8] = [1]) -> LogIndex? { proposing(number, bytes)?.success }

    /// Nil when the node is down, and otherwise what it answers.
    mutating func proposing(_ number: UInt64, _ bytes: [UInt8]) -> Result<LogIndex, ProposalRefusal>? {
        input(position(number)) { node, now in
            do throws(ProposalRefusal) { return .success(try node.propose(bytes, now: now)) } catch { return .failure(error) }
        }
    }

    /// Asks for a proof; tells whether the node took the request.
    mutating func requestProof(_ number: UInt64) -> Bool { provingLeadership(number)?.success != nil }

    /// Nil when the node is down, and otherwise what it answers.
    mutating func provingLeadership(_ number: UInt64) -> Result<ProofID, ProofRefusal>? {
        let position = position(number)
        let committed = checker.committed.count
        let answer: Result<ProofID, ProofRefusal>? = input(position) { node, now in
            do throws(ProofRefusal) { return .success(try node.requestProof(now: now)) } catch { return .failure(error) }
        }
        if case .success(let id) = answer {
            hosts[position].proofsAsked.append((id, committed))
            settleProofs(position)
        }
        return answer
    }

    mutating func transfer(_ number: UInt64, to target: UInt64?) -> Bool { transferring(number, to: target)?.success != nil }

    /// Nil when the node is down, and otherwise what it answers.
    mutating func transferring(_ number: UInt64, to target: UInt64?) -> Result<Void, TransferRefusal>? {
        input(position(number)) { node, now in
            do throws(TransferRefusal) {
                try node.transferLeadership(to: target.map(NodeID.init), now: now)
                return .success(())
            } catch { return .failure(error) }
        }
    }

    /// Nil when the node is down, and otherwise what it answers.
    mutating func changing(_ number: UInt64, _ change: MembershipChange) -> Result<LogIndex, MembershipRefusal>? {
        input(position(number)) { node, now in
            do throws(MembershipRefusal) {
                return .success(try node.proposeMembership(change, now: now))
            } catch { return .failure(error) }
        }
    }

    mutating func processGone(_ peer: UInt64, at number: UInt64, slot: Duration = .milliseconds(20)) {
        _ = input(position(number)) { $0.processGone(NodeID(peer), slot: slot, now: $1) }
    }

    mutating func peerConnected(_ peer: UInt64, at number: UInt64) {
        _ = input(position(number)) { $0.peerConnected(NodeID(peer), now: $1) }
    }

    mutating func fireDeadline(_ number: UInt64) { _ = input(position(number)) { $0.deadlineReached(now: $1) } }

    mutating func advance(by duration: Duration) { now = now + duration }

    mutating func advance(to instant: MonotonicInstant) { now = max(now, instant) }

    /// What a node's own clock shows.
    func time(at position: Int) -> MonotonicInstant { now + hosts[position].ahead }

    /// Lets one node's clock run and the others stand.
    mutating func advance(_ number: UInt64, by duration: Duration) { hosts[position(number)].ahead += duration }

    /// What the script has not taken yet, in the order it was asked for.
    mutating func takeAsked() -> [(position: Int, ready: Ready)] {
        defer { asked = [] }
        return asked
    }

    // MARK: Network and disk

    /// Delivers the message at a place in the list; with `keeping`, a copy stays on its way.
    mutating func deliver(at place: Int, keeping: Bool = false) {
        let envelope = keeping ? messages[place] : messages.remove(at: place)
        guard !cut.contains(Link(from: envelope.from, to: envelope.to)), position(envelope.to.rawValue) < hosts.count else { return }
        _ = input(position(envelope.to.rawValue)) { $0.receive(envelope.message, from: envelope.from, now: $1) }
    }

    /// Makes the first so many outstanding writes of a node durable.
    mutating func confirm(_ number: UInt64, _ count: Int = .max) {
        let position = position(number)
        let confirmed = hosts[position].writes.prefix(count).map(\.write)
        guard let last = confirmed.last, hosts[position].node != nil else { return }
        hosts[position].writes.removeFirst(confirmed.count)
        for write in confirmed { store(write, at: position) }
        for write in confirmed { post(write.messages, from: position) }
        _ = input(position) { $0.written(last.number, now: $1) }
    }

    mutating func isolate(_ number: UInt64) {
        for host in hosts where host.id != NodeID(number) {
            cut += [Link(from: host.id, to: NodeID(number)), Link(from: NodeID(number), to: host.id)]
        }
    }

    // MARK: Collecting

    private mutating func collect(_ position: Int) {
        while let ready = hosts[position].node?.takeReady(), !ready.isEmpty {
            if isScripted { asked.append((position, ready)) }
            if let write = ready.write { take(write, at: position) }
            post(ready.messages, from: position)
            if !ready.facts.isEmpty { take(ready.facts, at: position) }
            hosts[position].probes += ready.probes
            checkCommit(position)
            if let snapshot = ready.snapshot { load(snapshot, at: position) }
            checker.noteApplied(ready.committed, at: hosts[position])
            apply(ready.committed, at: position)
            hosts[position].proofs += ready.proofs
            if !ready.proofs.isEmpty { settleProofs(position) }
        }
        checkCommit(position)
    }

    private mutating func take(_ write: StorageWrite, at position: Int) {
        if let snapshot = write.snapshot, snapshot.log == .replace {
            hosts[position].shadow = checker.prefix(through: snapshot.snapshot.position, of: hosts[position].id)
        }
        if let first = write.entries.first {
            checker.noteAppend(write.entries, to: hosts[position])
            hosts[position].shadow.removeLast(max(0, hosts[position].shadow.count + 1 - Int(first.index.rawValue)))
            hosts[position].shadow += write.entries
            checker.noteStored(hosts[position].shadow.suffix(write.entries.count + 1), of: hosts[position].id)
        }
        hosts[position].writes.append(Write(write: write, due: now + random.duration(from: .milliseconds(1), to: .milliseconds(8))))
    }

    private mutating func take(_ facts: [RaftFact], at position: Int) {
        checker.noteFacts(facts, of: hosts[position])
        hosts[position].facts += facts
    }

    private mutating func post(_ outbound: [OutboundMessage], from position: Int) {
        for message in outbound {
            checker.noteSent(message, by: hosts[position])
            lastNumber += 1
            messages.append(
                Envelope(
                    number: lastNumber, from: hosts[position].id, to: message.to, message: message.message,
                    due: now + random.duration(from: .milliseconds(1), to: .milliseconds(5))))
        }
    }

    private mutating func checkCommit(_ position: Int) {
        guard let node = hosts[position].node, node.commitIndex > hosts[position].seenCommit else { return }
        checker.noteCommit(of: position, through: node.commitIndex, among: hosts)
        hosts[position].seenCommit = node.commitIndex
    }

    private mutating func settleProofs(_ position: Int) {
        let answers = hosts[position].proofs
        for answer in answers {
            guard let place = hosts[position].proofsAsked.firstIndex(where: { $0.id == answer.id }) else { continue }
            let asked = hosts[position].proofsAsked.remove(at: place)
            checker.noteProof(answer, committedWhenAsked: asked.committed, at: hosts[position].id)
        }
    }

    func position(_ number: UInt64) -> Int { Int(number) - 1 }
}

extension Result {
    /// Nil for a failure.
    var success: Success? { if case .success(let value) = self { value } else { nil } }
}

extension Optional {
    /// Changes the value in place, if there is one, without a copy of it.
    fileprivate mutating func mutate<Result>(_ body: (inout Wrapped) -> Result) -> Result? {
        guard var value = take() else { return nil }
        defer { self = value }
        return body(&value)
    }
}
