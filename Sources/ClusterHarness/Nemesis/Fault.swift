/// Something to do to a cluster for a while, and to undo afterwards.
public enum Fault: Equatable, Sendable {
    /// SIGKILL, and a start.
    case kill(Aim)
    /// SIGKILL of as many as make a majority, and their starts.
    case killMajority
    /// SIGSTOP, and SIGCONT.
    case freeze(Aim)
    /// SIGTERM, and a start.
    case stop(Aim)
    /// The node, and as many more as a minority has room for, are cut off from the others.
    case isolate(Aim)
    /// Nobody reaches anybody: no majority anywhere.
    case shatter
    /// Nothing that the node sends arrives.
    case mute(Aim)
    /// Nothing that is sent to the node arrives.
    case deafen(Aim)
    /// Nothing passes between two nodes.
    case cutLink(Aim, Aim)
    /// Two halves that meet only in one node; of five nodes at least.
    case bridge
    /// So many out of a hundred packets are lost, everywhere.
    case lose(percent: Int)
    /// The node's own network device is down.
    case linkDown(Aim)
    /// The leader's machine answers whatever a follower sends by a reset.
    case reject(Aim)
    /// The file system of the node that has a small one is full.
    case fullDisk
    /// A bit in a file of the node's store flips while it does not run.
    case flipBit(Aim)
    /// A page of the node's store is spoiled while it does not run; the operator repairs it.
    case ruin(Aim)

    /// Whom it is done to, decided when it is done.
    public enum Aim: Equatable, Sendable {
        case leader
        /// Of those that do not lead, in the order of their names.
        case follower(Int)
    }

    /// What it is counted as.
    public var kind: String {
        switch self {
        case .kill(let aim): "kill \(aim.word)"
        case .killMajority: "kill a majority"
        case .freeze(let aim): "freeze \(aim.word)"
        case .stop(let aim): "stop \(aim.word)"
        case .isolate(let aim): "cut off a minority with \(aim.word)"
        case .shatter: "cut everybody off: no majority"
        case .mute(let aim): "one way: mute \(aim.word)"
        case .deafen(let aim): "one way: deafen \(aim.word)"
        case .cutLink(let one, let other): "cut one link: \(one.word) to \(other.word)"
        case .bridge: "bridge node"
        case .lose(let percent): "lose \(percent) % of all packets"
        case .linkDown(let aim): "link down: \(aim.word)"
        case .reject(let aim): "reject with a reset: \(aim.word)"
        case .fullDisk: "fill the disk"
        case .flipBit(let aim): "flip a bit in the store: \(aim.word)"
        case .ruin(let aim): "ruin the store: \(aim.word)"
        }
    }
}

extension Fault.Aim {
    var word: String {
        switch self {
        case .leader: "leader"
        case .follower: "follower"
        }
    }
}
