/// The largest of everything that is read from others.
public enum WireLimits {
    /// Bytes of one frame between members.
    public static let frameBytes = 16 << 20
    /// Bytes of one entry's command, and of one stored row's content.
    public static let commandBytes = 8 << 20
    /// Bytes of one snapshot.
    public static let snapshotBytes = 1 << 30
    /// Entries in one append.
    public static let appendEntries = 65_536
    /// UTF-8 bytes of a cluster's or member's name, a version, a reason.
    public static let nameBytes = 256
    /// UTF-8 bytes of an address, `host:port`.
    public static let addressBytes = 512
    /// UTF-8 bytes of a URL, a mount point or a rejection's text.
    public static let textBytes = 4_096
    /// Bytes of a member's sample, by `HealthSample.size`, as the member itself sends it. Once a leader has taken it into the log, all must
    /// be able to read it.
    public static let sampleBytes = 64 << 10
    /// Bytes of a later version's fields in one membership or one of its members.
    public static let extraBytes = 4_096
    /// Nodes in a membership.
    public static let nodes = 1_024
    /// Members in one round or report, agents included.
    public static let members = 65_536
    /// File systems, or reasons to be degraded, in one sample.
    public static let sampleItems = 1_024
    /// Terms, log indices and counters: what is above can only be damage, and the next one is always there.
    public static let counter: UInt64 = 1 << 62
}
