import Testing

@testable import ExporterConfiguration

@Suite struct YAMLMutationTests {
    private static let sample = Array(
        """
        # a cluster of three
        web: {listen-address: [":10310", "[::1]:10310"], max-requests: 40}
        cluster:
          name: &name "prod"
          member: *name
          initial-members:
            - prod=127.0.0.1:10311
            - b=10.0.0.2:10311
        raft.heartbeat-interval: 100ms
        log: !!map {level: 'info', format: |
          logfmt
        }

        """.utf8)

    /// A file is read, or its mistakes are lines that name it: nothing else may come of it, whatever is in it.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a damaged file is a list of mistakes at worst`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let telling = Array("{}[]:,-?&*!|>'\"%@` \n\t#~\0\r".utf8)
        for _ in 0..<150 {
            var bytes = Self.sample
            for _ in 0...next(6) {
                let place = next(bytes.count)
                switch next(4) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes.insert(telling[next(telling.count)], at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + next(9)))
                default: bytes.insert(contentsOf: bytes[..<next(bytes.count)], at: place)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            let content = bytes
            let damaged = ConfigurationFiles(read: { _ throws(FileProblem) in content }, folderProblem: { _ in nil })
            for line in mistakes(["--config.file=q.yml"], files: damaged) {
                #expect(line.hasPrefix("q.yml:") || line.hasPrefix("--"))
                #expect(!line.contains("\n"))
            }
        }
    }
}
