/// What one run was and how it ended.
public struct RunReport: Equatable, Sendable {
    public var seed: UInt64
    /// In words: size, settings, network, which faults.
    public var plan: String
    /// Inputs that replicas took: frames delivered, timers fired, writes completed and the like.
    public var events: Int = 0
    public var virtualMilliseconds: Int64 = 0
    /// Over everything that happened, in order: equal for equal seeds, in every process.
    public var hash: UInt64 = 0
    public var faults = FaultCounts()
    /// What came of it, in the order of `RunReport.outcomeNames`.
    public var outcomes: [Int] = RunReport.outcomeNames.map { _ in 0 }
    /// From the end of faults to a fresh round that everybody has, in milliseconds.
    public var recoveryDelays = Distribution()
    /// From the end of a process amid calm to the committed decision that it is down, in milliseconds.
    public var detectionDelays = Distribution()
    /// How long a member was called down though its process ran, amid faults that touched it, in milliseconds.
    public var falseDownDurations = Distribution()
    /// Nil when everything held.
    public var violation: Violation?

    /// What is counted beside faults; `alarms amid faults` are members called down whose process ran, with a fault that touched them.
    public static let outcomeNames = [
        "leaders", "committed", "scrapes served", "scrapes refused", "restarts", "stores refused", "snapshots taken", "snapshots installed",
        "transitions", "alarms amid faults", "wiped disks refused", "removed nodes stopped", "strangers refused",
        "real stores opened",
    ]

    public init(seed: UInt64, plan: String) {
        self.seed = seed
        self.plan = plan
    }

    /// What was injected and what came of it, in a fixed order.
    public var injected: [(name: String, count: Int)] {
        FaultKind.allCases.map { ($0.label, faults[$0]) } + zip(RunReport.outcomeNames, outcomes).map { ($0, $1) }
    }
}

/// What to run.
public struct RunRequest: Sendable {
    public var seed: UInt64
    /// Inputs that replicas take until the run comes to its end; the last healing comes on top.
    public var events: Int
    /// Called with one line for everything that happens.
    public var trace: (@Sendable (String) -> Void)?
    /// Records what one machine's processes take in.
    public var recording: RecordingRequest?
    /// What the machines store on: a model of production's store, unless another is given.
    public var makeStore: StoreMaker = RunRequest.makeModelledStore

    static let makeModelledStore: StoreMaker = { member, incarnation in
        ModelledStore(clusterName: RunRequest.clusterName, memberName: member, incarnation: incarnation)
    }

    /// Of every simulated cluster.
    public static let clusterName = "simulated"

    /// How many events a run has when nobody says otherwise.
    public static let usualEvents = 20_000

    public init(seed: UInt64, events: Int = RunRequest.usualEvents, trace: (@Sendable (String) -> Void)? = nil) {
        self.seed = seed
        self.events = events
        self.trace = trace
    }
}

/// Runs a cluster without faults in which one replica's view is changed by hand: that one must notice and stop, and nobody else.
///
/// - Throws: as `simulate`.
public func simulateDivergence(seed: UInt64, trace: (@Sendable (String) -> Void)? = nil) throws -> RunReport {
    var simulator = try Simulator(plan: RunPlan(seed: seed, eventBudget: 0, isCalm: true), trace: trace)
    return simulator.run()
}

/// Runs one seed to its end, or to the first violation.
///
/// A broken invariant of the product's own traps: who wants to tell must run it in a child process.
///
/// - Parameter announce: told the number of each event before it happens.
/// - Throws: when a seed's settings are no valid configuration, which is a mistake of the plan.
public func simulate(_ request: RunRequest, announce: ((Int) -> Void)? = nil) throws -> RunReport {
    let plan = RunPlan(seed: request.seed, eventBudget: request.events, isCalm: RunPlan.isPlanted(request.seed))
    var simulator = try Simulator(plan: plan, makeStore: request.makeStore, trace: request.trace, announce: announce)
    simulator.recording = request.recording
    return simulator.run()
}
