import ClusterHealth
import NodeReplica
import RaftCore

@testable import ClusterSimulator

/// A replica that says of itself what a test wants it to, and no correct one would.
final class ForgedReplica: SimulatedReplica {
    /// From its first index on.
    var log: [LogEntry]
    var configuration: Membership?
    var said: RaftNode.Inspection

    init(_ log: [LogEntry] = [], _ configuration: Membership? = nil) throws {
        self.log = log
        self.configuration = configuration
        let replica = try Replica(
            id: Forged.a, configuration: try Forged.plan.replicaConfiguration(), recovered: RecoveredState(), seed: 1,
            at: Moment(monotonic: MonotonicInstant(nanoseconds: 0), wall: WallTime(milliseconds: 0)))
        said = replica.inspection
        if let first = log.first { said.firstLogIndex = first.index }
        super.init(replica)
    }

    override var membership: Membership? { configuration }

    override var inspection: RaftNode.Inspection { said }

    override func inspectedTerm(at index: LogIndex) -> Term? { inspectedEntry(at: index)?.term }

    override func inspectedEntry(at index: LogIndex) -> LogEntry? { log.first { $0.index == index } }
}

/// Short ways to write what checkers are told.
enum Forged {
    static let a = Identity(number: 0, salt: 7).id
    static let b = Identity(number: 1, salt: 5).id
    static let c = Identity(number: 2, salt: 6).id

    /// Of a run without faults: three or five voters.
    static let plan = RunPlan(seed: 1, eventBudget: 0, isCalm: true)

    static func membership(_ voters: [NodeID]) -> Membership {
        let members = voters.map { Membership.Member(id: $0, name: "\($0)", role: .voter, address: "\($0):1", webURL: "http://\($0)") }
        return Membership(clusterID: ClusterID(high: 1, low: 2), members: members)
    }

    static func entry(_ index: UInt64, _ term: UInt64, _ bytes: [UInt8] = []) -> LogEntry {
        LogEntry(index: LogIndex(index), term: Term(term), content: .command(bytes))
    }

    /// Where a node stands that leads a term, its log from a first index to a last one.
    static func leading(_ term: UInt64, first: UInt64 = 1, last: UInt64, commit: UInt64 = 0) -> Machine.Standing {
        var standing = Machine.Standing()
        standing.term = Term(term)
        standing.isLeader = true
        standing.first = LogIndex(first)
        standing.last = LogIndex(last)
        standing.commit = LogIndex(commit)
        return standing
    }

    /// A view of three members that were called up so often each, at a cluster time.
    static func view(_ milliseconds: UInt64?, up: UInt64 = 0) -> ClusterHealthView {
        let membership = membership([a, b, c])
        var rows = NodeMap<MemberRow>()
        for member in membership.members {
            var row = MemberRow(name: member.name, role: .voter, address: member.address, webURL: member.webURL)
            row.transitionsTo[Int(MemberState.up.rawValue)] = up
            rows[member.id] = row
        }
        return ClusterHealthView(
            membership: membership, rows: rows, clusterTime: milliseconds.map { ClusterTime(milliseconds: $0) }, wallTime: nil,
            transitions: [])
    }

    /// A cluster whose processes have just started; none of them leads or is connected.
    static func simulator(seed: UInt64 = 1) throws -> Simulator {
        var simulator = try Simulator(plan: RunPlan(seed: seed, eventBudget: 0, isCalm: true))
        for slot in simulator.machines.indices { try simulator.start(slot) }
        return simulator
    }
}

/// The checker that objects; nil when none does.
func objection(_ body: () throws -> Void) throws -> String? {
    do {
        try body()
        return nil
    } catch let violation as Violation {
        return violation.checker
    }
}
