import ClusterHealth
import RaftCore
import WireFormat

extension Replica {
    /// Takes a digest of the view where all nodes do; what is only applied again after a start is not summed again.
    mutating func digestView(at index: LogIndex) {
        guard index.rawValue.isMultiple(of: DigestTable.interval), raft.hasCaughtUp(appliedThrough: index) else { return }
        digests.applied(SnapshotCoding.digest(of: view, at: index))
    }

    /// Compares the digest that a message carried.
    mutating func take(_ digest: ViewDigest, of message: Message, from sender: NodeID) {
        guard message.term == raft.currentTerm else { return }
        switch message.body {
        case .heartbeat where raft.currentLeader == sender: act(on: digests.told(digest))
        case .heartbeatReply where raft.isLeader:
            act(on: digests.reported(digest, by: sender, id: id, voters: raft.membership?.voters ?? []))
        case .preVoteRequest, .preVoteReply, .voteRequest, .voteReply, .append, .appendReply, .heartbeat, .heartbeatReply, .timeoutNow,
            .snapshotChunk, .snapshotReply:
            break
        }
    }

    private mutating func act(on finding: DigestTable.Finding) {
        switch finding {
        case .nothing: break
        case .selfDiffers(let index):
            effects.append(.diverged("the view at entry \(index) is not the one that a majority of the voters has"))
        case .doubt(let index): effects.append(.divergenceSuspected("the nodes' views at entry \(index) differ, and none is a majority's"))
        }
    }
}
