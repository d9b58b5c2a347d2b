/// A small deterministic generator: the same seed draws the same numbers on every platform.
///
/// Source: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
public struct RandomSource: Equatable, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0 ..< bound, without modulo bias worth speaking of for bounds far below 2⁶⁴; 0 for a bound of 0.
    public mutating func number(below bound: UInt64) -> UInt64 { next().multipliedFullWidth(by: bound).high }

    /// A duration in the half-open interval, to the nanosecond; `low` when the interval is empty.
    public mutating func duration(from low: Duration, to high: Duration) -> Duration {
        let span = (high - low).wholeNanoseconds
        return span > 0 ? low + .nanoseconds(Int64(number(below: UInt64(span)))) : low
    }
}
