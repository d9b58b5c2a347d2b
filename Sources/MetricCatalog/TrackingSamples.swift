import Exposition
import RaftCore

/// The samples of `TrackingMetrics`, gathered member by member.
struct TrackingSamples {
    private var lastContact: [Sample] = []
    private var matchIndex: [Sample] = []
    private var lagEntries: [Sample] = []
    private var lagSeconds: [Sample] = []
    private var heartbeatRoundTrip: [Sample] = []
    private var heartbeats: [Sample] = []
    private var heartbeatFailures: [Sample] = []

    init(_ members: Int) {
        heartbeats.reserveCapacity(members)
        heartbeatFailures.reserveCapacity(members)
    }

    /// A leader sends itself no heartbeats; every other member has its counters from the first, 0 until something happens.
    mutating func add(_ tracking: ViewFacts.LeaderTracking, _ member: NamedMember) {
        let labels = member.labels
        if let contact = tracking.lastContact[member.id] { lastContact.append(Sample(labels, seconds(contact))) }
        if member.id == tracking.leader { return }
        if let progress = tracking.progress[member.id] {
            matchIndex.append(Sample(labels, .unsigned(progress.matchIndex.rawValue)))
            lagEntries.append(Sample(labels, .unsigned(progress.lagEntries)))
            lagSeconds.append(Sample(labels, seconds(progress.lag)))
        }
        if let roundTrip = tracking.heartbeatRoundTrip[member.id] { heartbeatRoundTrip.append(Sample(labels, seconds(roundTrip))) }
        heartbeats.append(Sample(labels, .unsigned(tracking.heartbeats[member.id] ?? 0)))
        heartbeatFailures.append(Sample(labels, .unsigned(tracking.heartbeatFailures[member.id] ?? 0)))
    }

    var families: [MetricFamily] {
        [
            TrackingMetrics.lastContact.family(lastContact), TrackingMetrics.matchIndex.family(matchIndex),
            TrackingMetrics.lagEntries.family(lagEntries), TrackingMetrics.lagSeconds.family(lagSeconds),
            TrackingMetrics.heartbeatRoundTrip.family(heartbeatRoundTrip), TrackingMetrics.heartbeats.family(heartbeats),
            TrackingMetrics.heartbeatFailures.family(heartbeatFailures),
        ]
    }
}
