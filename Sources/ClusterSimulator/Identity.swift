import RaftCore

/// Which of the run's incarnations a node identifier stands for: its number is in the low bits, so that look-ups are free, and the rest
/// is drawn, so that ranks do not follow the machines' order.
struct Identity: Equatable {
    /// Counts the run's incarnations from 0.
    let number: Int
    let id: NodeID

    private static let numberBits: UInt64 = 16

    init(number: Int, salt: UInt64) {
        self.number = number
        id = NodeID((salt << Identity.numberBits) | UInt64(number))
    }

    static func number(of id: NodeID) -> Int { Int(id.rawValue & ((1 << numberBits) - 1)) }
}
