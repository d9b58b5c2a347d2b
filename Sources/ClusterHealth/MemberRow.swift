public import RaftCore

/// What the view holds of one member.
public struct MemberRow: Equatable, Sendable {
    public var name: String
    public var role: Membership.Role
    public var address: String
    public var webURL: String
    public var state: MemberState
    /// The truth underneath, which maintenance does not hide; nil while unknown.
    public var isUp: Bool?
    /// Set exactly while `isUp` is false.
    public var downReason: DownReason?
    /// When the state was entered.
    public var since: ClusterTime
    public var sinceWall: WallTime
    /// Transitions into each state, in the order of `MemberState.allCases`.
    public var transitionsTo: [UInt64]
    public var flapping: Bool
    /// Cluster times of the up/down changes within the flap window, oldest first, at most `maximumRecentChanges`.
    public var recentChanges: [ClusterTime]
    /// Since when no majority has lost the member and another observer is in contact; nil while that does not hold.
    public var reachableSince: ClusterTime?
    /// How many other observers' fresh reports of the last round had contact with it.
    public var observersReaching: UInt32
    /// The latest sample.
    public var sample: HealthSample?

    /// How many up/down changes are remembered; those beyond the greatest flap limit and the longest stretch decide nothing.
    public static let maximumRecentChanges = 64

    /// A member of which nothing is known yet.
    public init(name: String, role: Membership.Role, address: String, webURL: String) {
        self.name = name
        self.role = role
        self.address = address
        self.webURL = webURL
        state = .unknown
        since = ClusterTime(milliseconds: 0)
        sinceWall = WallTime(milliseconds: 0)
        transitionsTo = MemberState.allCases.map { _ in 0 }
        flapping = false
        recentChanges = []
        observersReaching = 0
    }

    init(_ member: Membership.Member) {
        self.init(name: member.name, role: member.role, address: member.address, webURL: member.webURL)
    }

    /// What a decision replaces.
    var standing: HealthRound.Decision { HealthRound.Decision(state: state, downReason: downReason, flapping: flapping) }

    /// How many up/down changes lie within the window that ends at a time.
    func changes(within windowMilliseconds: UInt32, before time: ClusterTime) -> Int {
        recentChanges.count { time.millisecondsSince($0) < UInt64(windowMilliseconds) }
    }

    /// Takes what a member entry says; everything learnt about the member stays.
    mutating func update(from member: Membership.Member) {
        name = member.name
        role = member.role
        address = member.address
        webURL = member.webURL
    }

    /// Takes what the round's reports say of the contact with it; inconclusive ones neither start nor end a wait.
    mutating func take(_ evidence: Evidence, conclusive: Bool, at time: ClusterTime) {
        observersReaching = UInt32(evidence.reaching)
        guard conclusive else { return }
        reachableSince = evidence.isReachable(stopping: sample?.stopping ?? false) ? reachableSince ?? time : nil
    }

    /// Takes a decision, and remembers the change when it is one between up and down.
    mutating func take(_ decision: HealthRound.Decision?, at time: ClusterTime, windowMilliseconds: UInt32) {
        if let decision {
            state = decision.state
            downReason = decision.downReason
            flapping = decision.flapping
        }
        let before = isUp
        isUp = state == .down || downReason != nil ? false : isTruthUnknown ? nil : true
        recentChanges.removeAll { time.millisecondsSince($0) >= UInt64(windowMilliseconds) }
        guard let before, before != isUp else { return }
        recentChanges.append(time)
        recentChanges.removeFirst(max(0, recentChanges.count - MemberRow.maximumRecentChanges))
    }

    /// Marks the present state as entered.
    mutating func enter(at time: ClusterTime, wallTime: WallTime) {
        since = time
        sinceWall = wallTime
    }

    /// Counts the entry into the present state.
    mutating func countTransition() {
        for (position, candidate) in MemberState.allCases.enumerated() where candidate == state && position < transitionsTo.count {
            transitionsTo[position] &+= 1
        }
    }

    private var isTruthUnknown: Bool { state == .unknown || (state == .maintenance && sample == nil) }
}
