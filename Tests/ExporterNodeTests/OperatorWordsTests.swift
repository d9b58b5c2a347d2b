import NodeReplica
import RaftCore
import Testing
import WireFormat

@testable import ExporterNode

@Suite struct OperatorWordsTests {
    private let words = OperatorWords(
        membership: Membership(
            clusterID: ClusterID(high: 1, low: 1),
            members: [Membership.Member(id: NodeID(3), name: "c", role: .voter, address: "c:1", webURL: "")]))

    @Test func everyRefusalIsOneLine() {
        for refusal in MembershipRefusal.allCases {
            let line = words.reason(refusal, "c")
            #expect(!line.isEmpty && !line.contains("\n") && line.count < 200, "\(refusal)")
        }
    }

    @Test func aNodeIsCalledByItsNameWhileItHasOne() {
        let remove = OperatorRequest.Command.changeMembership(.remove(NodeID(3)))
        guard case .refused(let line) = words.outcome(.membershipRefused(.lastVoter), of: remove) else {
            return #expect(Bool(false), "not refused")
        }
        #expect(line.hasPrefix("c is the only voter"))
        let unknown = OperatorRequest.Command.changeMembership(.promote(NodeID(7)))
        #expect(words.outcome(.membershipRefused(.noSuchMember), of: unknown) == .refused(words.reason(.noSuchMember, "\(NodeID(7))")))
    }

    @Test func whoeverHasTheAddressIsNamed() {
        let newcomer = Membership.Member(id: NodeID(9), name: "d", role: .learner, address: "c:1", webURL: "")
        let add = OperatorRequest.Command.changeMembership(.add(newcomer))
        guard case .refused(let line) = words.outcome(.membershipRefused(.addressTaken), of: add) else {
            return #expect(Bool(false), "not refused")
        }
        #expect(line.hasPrefix("c:1 is where c is dialled: give d an address of its own"))
        #expect(line.contains("'quorum-exporter members remove c' first"))
        #expect(line == words.reason(.addressTaken, "d", at: "c:1"))
        #expect(words.reason(.addressTaken, "d").hasPrefix("its address is where another member is dialled"))
    }

    @Test func whatMayHaveBeenDoneIsNeverCalledRefused() {
        let command = OperatorRequest.Command.transferLeadership(nil)
        #expect(words.outcome(.leadershipLost, of: command) == .unknown(OperatorWords.leaderLost))
        #expect(words.outcome(nil, of: command) == .unknown(OperatorWords.timeIsUp))
        #expect(words.outcome(.committed(LogIndex(7)), of: command) == .done(LogIndex(7)))
        #expect(words.outcome(.transferred, of: command) == .done(nil))
        #expect(words.outcome(.membershipRefused(.notLeader), of: command) == .unavailable(OperatorWords.noLeader))
    }

    @Test func whatALeaderAnswersReachesTheOneWhoAskedElsewhereAsWhatItIs() {
        let request = OperatorRequest(sequence: 7, command: .transferLeadership(nil))
        let outcomes: [OperatorOutcome] = [.done(LogIndex(3)), .done(nil), .refused("no"), .unavailable(OperatorWords.noLeader)]
        for outcome in outcomes { #expect(outcome.reply(to: request).map { OperatorOutcome($0) } == outcome) }
        #expect(outcomes.allSatisfy { $0.reply(to: request)?.sequence == 7 })
        #expect(OperatorOutcome.unknown("").reply(to: request) == nil)
    }
}
