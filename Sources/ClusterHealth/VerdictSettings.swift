/// What the verdict rule is run with; carried in each round, since a replica's own flags may differ.
public struct VerdictSettings: Equatable, Sendable {
    /// How long no majority may have lost a down member before it is up again.
    public var upAfterMilliseconds: UInt32
    /// More than this many up/down changes within the window make a member flapping; above `maximumFlapLimit` it counts as that.
    public var flapLimit: UInt32
    public var flapWindowMilliseconds: UInt32

    /// The greatest flap limit there is: the changes beyond it must fit in `MemberRow.maximumRecentChanges`.
    public static let maximumFlapLimit: UInt32 = 50

    /// How many times longer than `up-after` a flapping member may have to wait.
    public static let maximumStretch: UInt64 = 32

    public init(upAfterMilliseconds: UInt32 = 2_000, flapLimit: UInt32 = 5, flapWindowMilliseconds: UInt32 = 600_000) {
        self.upAfterMilliseconds = upAfterMilliseconds
        self.flapLimit = flapLimit
        self.flapWindowMilliseconds = flapWindowMilliseconds
    }

    var effectiveFlapLimit: Int { Int(min(flapLimit, VerdictSettings.maximumFlapLimit)) }

    /// The wait in milliseconds after so many changes within the window: doubled by each beyond the limit.
    func upAfter(changes: Int) -> UInt64 {
        var stretch: UInt64 = 1
        var beyond = changes - effectiveFlapLimit
        while beyond > 0, stretch < VerdictSettings.maximumStretch {
            stretch *= 2
            beyond -= 1
        }
        return UInt64(upAfterMilliseconds) * stretch
    }
}
