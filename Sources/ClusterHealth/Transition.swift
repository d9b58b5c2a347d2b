public import RaftCore

extension ClusterHealthView {
    /// One member's change of state.
    public struct Transition: Equatable, Sendable {
        public var member: NodeID
        public var name: String
        public var from: MemberState
        public var to: MemberState
        /// Why it is down, for a member that is after the transition.
        public var reason: DownReason?
        public var clusterTime: ClusterTime
        public var wallTime: WallTime

        public init(
            member: NodeID, name: String, from: MemberState, to: MemberState, reason: DownReason?, clusterTime: ClusterTime,
            wallTime: WallTime
        ) {
            self.member = member
            self.name = name
            self.from = from
            self.to = to
            self.reason = reason
            self.clusterTime = clusterTime
            self.wallTime = wallTime
        }
    }
}
