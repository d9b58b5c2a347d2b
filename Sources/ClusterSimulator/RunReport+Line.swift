extension RunReport {
    /// The report as one line of words and numbers, for whoever runs many; a violation is not part of it.
    public var line: String {
        let lists = [faults.counts, outcomes, recoveryDelays.counts, detectionDelays.counts, falseDownDurations.counts]
        let numbers = ["\(seed)", "\(events)", "\(virtualMilliseconds)", String(hash, radix: 16)]
        return (numbers + lists.map { list in list.isEmpty ? "-" : list.map(String.init).joined(separator: ",") }).joined(separator: " ")
    }

    /// Reads a line back; nil for anything else.
    public init?(line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 9, let seed = UInt64(words[0]), let events = Int(words[1]), let milliseconds = Int64(words[2]),
            let hash = UInt64(words[3], radix: 16)
        else { return nil }
        let lists = words[4...].map { word in word == "-" ? [] : word.split(separator: ",").compactMap { Int($0) } }
        guard let faults = FaultCounts(counts: lists[0]), lists[1].count == RunReport.outcomeNames.count else { return nil }
        self.init(seed: seed, plan: "")
        self.events = events
        virtualMilliseconds = milliseconds
        self.hash = hash
        self.faults = faults
        outcomes = lists[1]
        recoveryDelays = Distribution(counts: lists[2])
        detectionDelays = Distribution(counts: lists[3])
        falseDownDurations = Distribution(counts: lists[4])
    }

    /// Adds up what several runs counted, and their hashes, whatever their order; seed and plan stay.
    public mutating func add(_ other: RunReport) {
        hash &+= other.hash
        events += other.events
        virtualMilliseconds += other.virtualMilliseconds
        faults.add(other.faults)
        for position in outcomes.indices { outcomes[position] += other.outcomes[position] }
        recoveryDelays.add(other.recoveryDelays)
        detectionDelays.add(other.detectionDelays)
        falseDownDurations.add(other.falseDownDurations)
    }
}
