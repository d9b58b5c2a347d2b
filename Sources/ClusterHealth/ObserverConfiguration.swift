import RaftCore

/// With which patience an observer watches; checked once, here.
public struct ObserverConfiguration: Equatable, Sendable {
    /// How old the last contact may be, in awake time and before patience stretches it.
    public let downAfter: Duration
    /// How often the observer is ticked. A longer gap counts as one interval and as missed deadlines.
    public let tickInterval: Duration
    /// How long after a broken connection a refused redial means lost.
    public let refusalDelay: Duration
    /// How long after its connection ended a member that dials in is lost when it has not come back.
    public let closingDelay: Duration
    /// `downAfter` in nanoseconds: it is asked for at every input.
    let downAfterNanoseconds: Int64

    /// The defaults: 3 s, 100 ms, 1 s and 2 s.
    public static let standard = ObserverConfiguration()

    /// The longest duration any of the four may be.
    public static let maximumDelay = Duration.seconds(3_600)

    /// - Parameters:
    ///   - downAfter: from twice the tick interval to an hour.
    ///   - tickInterval: from 1 ms to 10 s.
    ///   - refusalDelay: from zero to an hour.
    ///   - closingDelay: from zero to an hour.
    /// - Throws: `HealthConfigurationError.outOfRange` for the first value outside its range.
    public init(
        downAfter: Duration, tickInterval: Duration = .milliseconds(100), refusalDelay: Duration = .seconds(1),
        closingDelay: Duration = .seconds(2)
    ) throws(HealthConfigurationError) {
        let longest = ObserverConfiguration.maximumDelay
        try HealthConfigurationError.check(tickInterval, "tick interval", from: .milliseconds(1), to: .seconds(10))
        try HealthConfigurationError.check(downAfter, "down-after", from: tickInterval * 2, to: longest)
        try HealthConfigurationError.check(refusalDelay, "refusal delay", from: .zero, to: longest)
        try HealthConfigurationError.check(closingDelay, "closing delay", from: .zero, to: longest)
        self.downAfter = downAfter
        self.tickInterval = tickInterval
        self.refusalDelay = refusalDelay
        self.closingDelay = closingDelay
        downAfterNanoseconds = downAfter.wholeNanoseconds
    }

    private init() {
        downAfter = .seconds(3)
        tickInterval = .milliseconds(100)
        refusalDelay = .seconds(1)
        closingDelay = .seconds(2)
        downAfterNanoseconds = downAfter.wholeNanoseconds
    }
}

/// A duration that a configuration of this module does not allow.
public enum HealthConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The named setting, what was found, and the least and greatest value allowed.
    case outOfRange(setting: String, found: Duration, minimum: Duration, maximum: Duration)

    public var description: String {
        switch self {
        case .outOfRange(let setting, let found, let minimum, let maximum):
            return "\(setting) of \(found) is not allowed: from \(minimum) to \(maximum)"
        }
    }

    static func check(
        _ found: Duration, _ setting: String, from minimum: Duration, to maximum: Duration
    ) throws(HealthConfigurationError) {
        guard found >= minimum, found <= maximum else {
            throw .outOfRange(setting: setting, found: found, minimum: minimum, maximum: maximum)
        }
    }
}
