import ClusterHealth
import HealthProbes
import Testing

/// A file that is a pipe stands for a dead mount: opening it hangs until somebody writes.
@Suite struct HangingProbeTests {
    @Test func `A hanging probe is cut off at its timeout and the others are not held up`() async throws {
        let proc = try ProcFolder()
        try proc.makeHang("loadavg")
        let runner = ProbeRunner(folder: "/", procRoot: proc.path, timeout: .milliseconds(150))
        let round = await runner.measure()
        let load = try #require(round.results.first { $0.name == "load" })
        #expect(!load.success && load.error == "no answer within 0.1 s")
        #expect(load.duration >= .milliseconds(150) && load.duration < .seconds(5))
        #expect(round.resources.load1Thousandths == nil)
        #expect(round.results.filter { $0.name != "load" }.allSatisfy { $0.success })
        proc.release("loadavg")
    }

    @Test func `A probe that still hangs is reported failed at once and not started again`() async throws {
        let proc = try ProcFolder()
        try proc.makeHang("loadavg")
        let runner = ProbeRunner(folder: "/", procRoot: proc.path, timeout: .milliseconds(100))
        _ = await runner.measure()
        let threads = ProcessMetrics.measure().threads ?? 0
        var last: ProbeResult?
        for _ in 0..<50 { last = await runner.measure().results.first { $0.name == "load" } }
        #expect(last?.error?.contains("has not returned") == true, "\(String(describing: last))")
        #expect(last.map { $0.duration >= .milliseconds(100) } == true, "it says how long it has been hanging")
        // Had each of the 50 been started, 50 threads would hang by now; other tests run beside this one.
        #expect((ProcessMetrics.measure().threads ?? .max) < threads + 40)

        // Released, the same runner measures again.
        proc.release("loadavg")
        try proc.remove("loadavg")
        try proc.write("loadavg", "1.50 0 0 1/2 3\n")
        var load: UInt64?
        let deadline = ContinuousClock.now + .seconds(30)
        while load == nil, ContinuousClock.now < deadline { load = await runner.measure().resources.load1Thousandths }
        #expect(load == 1_500)
    }

    @Test func `All five may hang at once`() async throws {
        let proc = try ProcFolder()
        let files = ["stat", "loadavg", "meminfo", "self/mountinfo"]
        for file in files { try proc.makeHang(file) }
        let runner = ProbeRunner(folder: "/", procRoot: proc.path, timeout: .milliseconds(100))
        let started = ContinuousClock.now
        let round = await runner.measure()
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(round.results.count == 5 && round.results.allSatisfy { !$0.success })
        for file in files { proc.release(file) }
    }
}
