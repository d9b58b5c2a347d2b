import Foundation
public import ScrapeHistory
import Synchronization

/// Scrapes every node again and again, each on a thread of its own, and keeps what they said.
public final class Watch: Sendable {
    private let state: Mutex<State>
    private let period: Duration

    private struct State {
        var observations: [Observation] = []
        var removals: [Removal] = []
        var isStopped = false
        var running: Int
    }

    /// Where one node is scraped.
    public struct Target: Sendable {
        public let name: String
        public let host: String
        public let port: UInt16

        public init(name: String, host: String = "127.0.0.1", port: UInt16) {
            self.name = name
            self.host = host
            self.port = port
        }
    }

    /// Starts at once.
    /// - Parameter period: from the start of one scrape of a node to the start of the next, or as soon as the answer is there.
    public init(_ targets: [Target], every period: Duration = .milliseconds(100)) {
        self.period = period
        state = Mutex(State(running: targets.count))
        for target in targets { Thread.detachNewThread { self.run(target) } }
    }

    /// Everything observed so far, in the order in which the answers came.
    public var observations: [Observation] { state.withLock { $0.observations } }

    /// Members that were removed while it watched, with the time from when it was told to the end.
    public var removals: [Removal] { state.withLock { $0.removals } }

    /// Takes note that a member is about to be removed.
    public func willRemove(_ member: String) {
        let removal = Removal(of: member, during: .now ... .now + .seconds(1_000_000))
        state.withLock { $0.removals.append(removal) }
    }

    /// What was asked after a moment; a scrape asked before it may tell of the time before.
    public func observations(askedAfter moment: ContinuousClock.Instant) -> [Observation] {
        observations.filter { $0.began >= moment }
    }

    /// The newest observation of a node that was asked after a moment.
    public func latest(_ node: String, askedAfter moment: ContinuousClock.Instant) -> Observation? {
        observations.last { $0.node == node && $0.began >= moment }
    }

    /// Waits until one of the observations asked after a moment fits.
    /// - Throws: `HarnessError` that names what was waited for and what the nodes last said.
    @discardableResult
    public func first(
        _ what: String, askedAfter moment: ContinuousClock.Instant, within limit: Duration,
        where fits: @Sendable (Observation) -> Bool
    ) async throws -> Observation {
        let found = try? await eventually(what, within: limit, every: .milliseconds(10)) {
            observations(askedAfter: moment).first(where: fits)
        }
        guard let found else { throw HarnessError("not within \(limit): \(what); \(lastWords)") }
        return found
    }

    /// What each node said last, for an error.
    public var lastWords: String {
        let all = observations
        return Set(all.map(\.node)).sorted().map { node in
            switch all.last(where: { $0.node == node })?.outcome {
            case .success(let picture): "\(node): term \(picture.term), leader \(picture.leader ?? "none"), view \(picture.view.debugText)"
            case .failure(let error): "\(node): \(error)"
            case nil: "\(node): nothing"
            }
        }.joined(separator: "; ")
    }

    /// Stops and waits for the last answers.
    public func stop() async {
        state.withLock { $0.isStopped = true }
        while state.withLock({ $0.running }) > 0 { try? await Task.sleep(for: .milliseconds(5)) }
    }

    private func run(_ target: Target) {
        while !state.withLock({ $0.isStopped }) {
            let observation = Watch.observe(target)
            state.withLock { $0.observations.append(observation) }
            let left = ContinuousClock.now.duration(to: observation.began + period) / .seconds(1)
            if left > 0 { Thread.sleep(forTimeInterval: left) }
        }
        state.withLock { $0.running -= 1 }
    }

    /// One scrape, now. It blocks.
    public static func observe(_ target: Target, timeout: Duration = .seconds(2)) -> Observation {
        let wall = Date.now.timeIntervalSince1970
        let began = ContinuousClock.now
        let outcome = picture(of: target, timeout: timeout)
        return Observation(node: target.name, began: began, ended: .now, wallSecondsAtBegin: wall, outcome: outcome)
    }

    private static func picture(of target: Target, timeout: Duration) -> Result<NodePicture, ScrapeFailure> {
        do {
            let response = try HTTPClient.request(host: target.host, port: target.port, path: "/metrics", timeout: timeout)
            guard response.status == 200 else {
                return .failure(ScrapeFailure("/metrics answered \(response.status)", isMalformed: false))
            }
            do { return .success(try NodePicture(body: response.body)) } catch {
                return .failure(ScrapeFailure("\(error)", isMalformed: true))
            }
        } catch {
            return .failure(ScrapeFailure("\(error)", isMalformed: false))
        }
    }
}

extension NodePicture.View? {
    var debugText: String {
        guard let self else { return "none" }
        return "\(self.index) " + self.members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.state)" }.joined(separator: ",")
    }
}
