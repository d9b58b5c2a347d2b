/// The value of one sample, kept in the form in which it is known, so that it is printed without loss.
///
/// Integers are printed exactly, also beyond 2⁵³; a decimal is an integer with a number of decimal places, for durations and time
/// stamps kept in milliseconds or nanoseconds; a double is printed with the fewest digits that read back as the same double.
public enum MetricValue: Sendable, Equatable {
    /// A count, or any number that cannot be negative.
    case unsigned(UInt64)
    /// A whole number that may be negative.
    case signed(Int64)
    /// `digits` / 10 to the power of `places`; `places` from 0 to 18 (more counts as 18).
    case decimal(Int64, places: UInt8)
    /// Any number, infinities and NaN included. What is not known is left out rather than given as NaN.
    case double(Double)
}

extension MetricValue {
    /// 1 for `true` and 0 for `false`.
    public static func flag(_ value: Bool) -> MetricValue { .unsigned(value ? 1 : 0) }

    /// Seconds, from a number of milliseconds.
    public static func seconds(milliseconds: Int64) -> MetricValue { .decimal(milliseconds, places: 3) }

    /// Seconds, from a number of microseconds.
    public static func seconds(microseconds: Int64) -> MetricValue { .decimal(microseconds, places: 6) }

    /// Seconds, from a number of nanoseconds.
    public static func seconds(nanoseconds: Int64) -> MetricValue { .decimal(nanoseconds, places: 9) }

    /// Seconds, from a number of nanoseconds; beyond 292 years the largest value that is kept exactly.
    public static func seconds(nanoseconds: UInt64) -> MetricValue { .decimal(Int64(clamping: nanoseconds), places: 9) }

    /// Whether the value is below zero.
    var isNegative: Bool {
        switch self {
        case .unsigned: false
        case .signed(let value): value < 0
        case .decimal(let digits, _): digits < 0
        case .double(let value): value < 0
        }
    }

    /// Whether the value is the number one.
    var isOne: Bool {
        switch self {
        case .unsigned(let value): value == 1
        case .signed(let value): value == 1
        case .decimal(let digits, let places): digits == 1 && places == 0
        case .double(let value): value == 1
        }
    }

    /// Whether the value is NaN.
    var isNotANumber: Bool {
        switch self {
        case .unsigned, .signed, .decimal: false
        case .double(let value): value.isNaN
        }
    }
}
