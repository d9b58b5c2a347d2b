import ClusterHarness
import Foundation

/// How long the leader takes to answer, asked every 10 ms on one connection.
struct Scrapes {
    private(set) var plain = Series()
    private(set) var gzip = Series()
    private(set) var plainBytes = 0
    private(set) var gzipBytes = 0

    private static let count = 200
    private static let warmUp = 20

    mutating func measure(_ leader: HarnessNode) async throws {
        (plain, plainBytes) = try await Scrapes.scrape(leader.webPort, headers: "")
        (gzip, gzipBytes) = try await Scrapes.scrape(leader.webPort, headers: "Accept-Encoding: gzip\r\n")
    }

    private static func scrape(_ port: UInt16, headers: String) async throws -> (Series, bytes: Int) {
        try await offload {
            let connection = KeptConnection(port: port)
            var series = Series()
            var bytes = 0
            for number in 0..<(warmUp + count) {
                let began = ContinuousClock.now
                let answer = try? connection.get("/metrics", headers: headers, timeout: .seconds(2))
                let took = began.duration(to: .now)
                if number >= warmUp { series.record(answer?.status == 200 ? took : nil) }
                bytes = answer?.body.count ?? bytes
                Thread.sleep(forTimeInterval: 0.01)
            }
            return (series, bytes)
        }
    }
}
