import RaftCore

extension RandomSource {
    /// One of the elements, each as likely; the list must not be empty.
    mutating func element<Element>(of list: [Element]) -> Element { list[Int(number(below: UInt64(list.count)))] }

    /// A number in low ..< high; `low` when the interval is empty.
    mutating func number(from low: Int64, to high: Int64) -> Int64 {
        high > low ? low + Int64(number(below: UInt64(high - low))) : low
    }

    /// A number in the interval, every doubling as likely as any other: small ones are as frequent as large ones.
    mutating func logarithmic(from low: Int64, to high: Int64) -> Int64 {
        guard high > low, low > 0 else { return low }
        var doublings: UInt64 = 0
        while low << Int64(doublings + 1) <= high { doublings += 1 }
        let base = low << Int64(number(below: doublings + 1))
        return min(high, number(from: base, to: base * 2))
    }

    /// A duration around a mean: from a tenth of it to its double.
    mutating func around(_ mean: Int64) -> Int64 { number(from: mean / 10, to: mean * 2) }

    /// Whether something of so many in a million happens.
    mutating func happens(inMillion rate: UInt64) -> Bool { number(below: 1_000_000) < rate }

    /// The numbers below a count in a random order.
    mutating func shuffled(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for position in stride(from: count - 1, to: 0, by: -1) { order.swapAt(position, Int(number(below: UInt64(position + 1)))) }
        return order
    }
}
