import RaftCore
import WireFormat

// What effects hold, word by word.

extension WordChecksum {
    mutating func add(text: String) { add(Array(text.utf8)) }

    mutating func add(_ position: LogPosition) {
        add(position.index.rawValue)
        add(position.term.rawValue)
    }

    mutating func add(_ membership: Membership) { add(EntryCoding.encode(.membership(membership)).bytes) }

    mutating func add(_ member: Membership.Member) {
        add(member.id.rawValue)
        add(UInt64(member.role.rawValue))
        for text in [member.name, member.address, member.webURL] { add(text: text) }
        add(member.extra)
    }

    mutating func add(_ batch: StorageBatch) {
        add(batch.number.rawValue)
        for write in batch.writes {
            add(write.number.rawValue)
            add(write.hardState?.term.rawValue ?? .max)
            add(write.hardState?.votedFor?.rawValue ?? .max)
            if let snapshot = write.snapshot { add(snapshot) }
            for entry in write.entries {
                let (kind, bytes) = EntryCoding.encode(entry.content)
                add(LogPosition(index: entry.index, term: entry.term))
                add(UInt64(kind.rawValue))
                add(bytes)
            }
            for outbound in write.messages {
                add(outbound.to.rawValue)
                add(FrameCoding.encode(.raft(outbound.message, nil)))
            }
        }
    }

    private mutating func add(_ write: SnapshotWrite) {
        add(write.snapshot.checksum)
        add(write.snapshot.membership)
        switch write.log {
        case .keep(let index): add(index.rawValue)
        case .replace: add(.max)
        }
    }

    mutating func add(_ status: RaftStatus) {
        for word in [status.id.rawValue, status.term.rawValue, UInt64(status.role.rawValue), status.leader?.rawValue ?? .max] { add(word) }
        for index in [status.commitIndex, status.lastLogIndex, status.firstLogIndex, status.snapshotIndex] { add(index.rawValue) }
        for number in [status.snapshotBytes, status.failureTolerance ?? -1, status.proposalsPending] {
            add(UInt64(bitPattern: Int64(number)))
        }
        if let membership = status.membership { for member in membership.members { add(member) } }
        add(status.counters)
        for (peer, progress) in status.progress {
            add(peer.rawValue)
            add(progress.matchIndex.rawValue)
            add(progress.nextIndex.rawValue)
            add(progress.lagEntries)
            add(UInt64(bitPattern: progress.lag.wholeNanoseconds))
            add(UInt64(bitPattern: progress.lastContact?.nanoseconds ?? .min))
        }
    }

    private mutating func add(_ counters: RaftStatus.Counters) {
        let counts = [
            counters.leaderChanges, counters.electionsStarted, counters.electionsWon, counters.proposals, counters.snapshotsTaken,
            counters.snapshotsTakenFailed, counters.snapshotsSent, counters.snapshotsSentFailed, counters.snapshotsReceived,
            counters.snapshotsReceivedFailed,
        ]
        for count in counts + counters.preVotesRefused + counters.stepDowns + counters.proposalsFailed { add(count) }
    }

    mutating func add(_ counters: ReplicaCounters) {
        for counts in [counters.heartbeats, counters.heartbeatFailures] {
            for (peer, count) in counts {
                add(peer.rawValue)
                add(count)
            }
        }
        for (peer, duration) in counters.heartbeatRoundTrip {
            add(peer.rawValue)
            add(UInt64(bitPattern: duration.wholeNanoseconds))
        }
        for histogram in [counters.commitDuration, counters.syncDuration] {
            for count in histogram.counts { add(count) }
            add(histogram.sumNanoseconds)
        }
    }
}
