import NIOConcurrencyHelpers

/// Counts what goes on at once, up to a maximum.
final class AdmissionGate: Sendable {
    private let maximum: Int
    private let inside = NIOLockedValueBox(0)

    init(maximum: Int) { self.maximum = maximum }

    /// Takes a place; `false` when all are taken.
    func enter() -> Bool {
        inside.withLockedValue { count in
            guard count < maximum else { return false }
            count += 1
            return true
        }
    }

    /// Gives back a place that was taken.
    func leave() { inside.withLockedValue { $0 -= 1 } }
}

/// The places of a server: one gate for counted requests, one for streams.
struct Admissions: Sendable {
    private let requests: AdmissionGate
    private let streams: AdmissionGate

    init(limits: WebLimits) {
        requests = AdmissionGate(maximum: limits.requests)
        streams = AdmissionGate(maximum: limits.streams)
    }

    /// Takes a place of the right kind; `false` when all are taken.
    func enter(_ admission: Route.Admission) -> Bool { gate(of: admission)?.enter() ?? true }

    /// Gives the place back.
    func leave(_ admission: Route.Admission) { gate(of: admission)?.leave() }

    private func gate(of admission: Route.Admission) -> AdmissionGate? {
        switch admission {
        case .counted: requests
        case .stream: streams
        case .uncounted: nil
        }
    }
}
