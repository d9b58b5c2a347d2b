/// One change of the configuration: at most one voter more or fewer, so that the majorities before and after it overlap.
///
/// Source: thesis §4.1 and §4.2.
public enum MembershipChange: Equatable, Sendable {
    /// Takes in a node, as a learner whatever its role says.
    case add(Membership.Member)
    /// Makes a learner that has caught up a voter.
    case promote(NodeID)
    /// Makes a voter a learner.
    case demote(NodeID)
    case remove(NodeID)
    /// Removes a node and takes in another as a learner, which may have the old one's name: a disk that was wiped.
    case replace(NodeID, with: Membership.Member)
}

/// Why a change of the configuration was not taken; nothing has changed then.
public enum MembershipRefusal: UInt8, Error, Equatable, Sendable, CaseIterable {
    /// This node does not lead.
    case notLeader = 1
    /// Leadership is being handed over.
    case transferring = 2
    /// Another change has not been committed yet.
    case changePending = 3
    /// The leader has not committed an entry of its own term yet. Source: Ongaro, raft-dev, "bug in single-server membership changes".
    case noOwnTermCommit = 4
    /// No member has this identifier.
    case noSuchMember = 5
    /// A member has this identifier already.
    case alreadyMember = 6
    /// Another member has this name.
    case nameTaken = 7
    /// Only a learner can be promoted.
    case notLearner = 8
    /// Only a voter can be demoted.
    case notVoter = 9
    /// The learner lacks entries, or has not answered within an election timeout.
    case behind = 10
    /// The cluster would have no voter left.
    case lastVoter = 11
    /// There are `Membership.maximumVoters` voters already.
    case tooManyVoters = 12
    /// There are `Membership.maximumMembers` members already.
    case tooManyMembers = 13
    /// Too few of the voters afterwards are in contact: the cluster could not commit any more.
    case quorumAtRisk = 14
    /// Too many entries wait for commitment, or this node's disk does not keep up.
    case overloaded = 15
    /// Another member is dialled at this address, and only one node can answer there.
    case addressTaken = 16
}

extension Membership {
    /// How many voters a cluster may have.
    public static let maximumVoters = 7
    /// How many nodes a cluster may have.
    public static let maximumMembers = 1_024
}
