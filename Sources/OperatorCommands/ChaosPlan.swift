/// Decides whom to harm and when to undo it. At most one member is harmed at a time, and none before all three are well again.
struct ChaosPlan {
    private var phase = Phase.calm(until: nil)

    /// What to do to a member, by its index.
    enum Act: Equatable, Sendable {
        case kill(Int)
        case freeze(Int)
        case stop(Int)
        case restart(Int)
        case resume(Int)
    }

    private enum Phase {
        /// Nil until all are well for the first time since.
        case calm(until: Double?)
        case harmed(undo: Act, until: Double)
    }

    /// Seconds all are well between two harms.
    static let calmSeconds = 5.0...10.0
    /// Seconds a harm lasts: longer than `down-after`, so that a frozen member is seen down.
    static let harmSeconds = 6.0...10.0

    /// The next act, if it is time for one.
    /// - Parameters:
    ///   - seconds: monotonic.
    ///   - isWell: whether all three run and agree.
    ///   - leader: the leader's index; it is struck half the time.
    ///   - count: how many members there are.
    mutating func next(
        at seconds: Double, isWell: Bool, leader: Int?, count: Int, using random: inout some RandomNumberGenerator
    ) -> Act? {
        switch phase {
        case .calm(let until):
            guard isWell else {
                phase = .calm(until: nil)
                return nil
            }
            guard let until else {
                phase = .calm(until: seconds + Double.random(in: ChaosPlan.calmSeconds, using: &random))
                return nil
            }
            return seconds >= until ? strike(at: seconds, leader: leader, count: count, using: &random) : nil
        case .harmed(let undo, let until):
            guard seconds >= until else { return nil }
            phase = .calm(until: nil)
            return undo
        }
    }

    private mutating func strike(
        at seconds: Double, leader: Int?, count: Int, using random: inout some RandomNumberGenerator
    ) -> Act {
        var target = Int.random(in: 0..<count, using: &random)
        if let leader, Bool.random(using: &random) { target = leader }
        let acts: [(act: Act, undo: Act)] = [
            (.kill(target), .restart(target)), (.freeze(target), .resume(target)), (.stop(target), .restart(target)),
        ]
        let chosen = acts[Int.random(in: 0..<acts.count, using: &random)]
        phase = .harmed(undo: chosen.undo, until: seconds + Double.random(in: ChaosPlan.harmSeconds, using: &random))
        return chosen.act
    }
}
