/// One thing to do: first kill nodes at random, then the fault for a while.
public struct NemesisStep: Sendable, Equatable {
    public var fault: Fault
    public var hold: Duration
    public var kills: Int

    public init(_ fault: Fault, hold: Duration = .milliseconds(4_500), kills: Int = 0) {
        self.fault = fault
        self.hold = hold
        self.kills = kills
    }
}

/// Deals every fault once, in an order that follows from the seed, then all of them again in another order.
public struct NemesisPlan: Sendable {
    private let faults: [Fault]
    private var numbers: SeededNumbers
    private var deck: [Fault] = []

    /// - Parameters:
    ///   - nodes: how many the cluster has: from five on there is a bridge between two halves.
    ///   - word: only the faults in whose kind it stands; all of them when it is empty.
    public init(nodes: Int, seed: UInt64, only word: String = "") {
        faults = NemesisPlan.faults(nodes: nodes).filter { word.isEmpty || $0.kind.contains(word) }
        numbers = SeededNumbers(seed: seed)
    }

    /// Holds are short of any consequence, long enough to be noticed, or long enough for a cluster to be well in spite of it.
    private static let holds: [Duration] = [
        .milliseconds(1_200), .milliseconds(3_000), .milliseconds(4_500), .milliseconds(4_500), .milliseconds(6_000), .milliseconds(9_500),
    ]

    /// Whether there is no such fault.
    public var isEmpty: Bool { faults.isEmpty }

    /// - Returns: nil when it is empty.
    public mutating func next() -> NemesisStep? {
        guard !isEmpty else { return nil }
        if deck.isEmpty { deck = faults.shuffled(using: &numbers) }
        let fault = deck.removeLast()
        let hold = NemesisPlan.holds.randomElement(using: &numbers) ?? .seconds(3)
        return NemesisStep(fault, hold: hold, kills: Int.random(in: 1...4, using: &numbers))
    }

    static func faults(nodes: Int) -> [Fault] {
        let first = Fault.Aim.follower(0)
        let second = Fault.Aim.follower(1)
        let all: [Fault] = [
            .kill(.leader), .kill(first), .killMajority, .freeze(.leader), .freeze(second), .stop(.leader), .stop(first),
            .isolate(.leader), .isolate(second), .shatter, .mute(.leader), .mute(first), .deafen(.leader), .deafen(second),
            .cutLink(.leader, first), .cutLink(first, second), .lose(percent: 2), .lose(percent: 2), .lose(percent: 20),
            .linkDown(.leader), .linkDown(first), .reject(second), .fullDisk, .flipBit(.leader), .flipBit(first), .ruin(.leader),
            .ruin(second),
        ]
        return nodes >= 5 ? all + [.bridge, .bridge] : all
    }
}
