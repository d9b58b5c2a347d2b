import ClusterSimulator
import Foundation
import Testing

@testable import quorum_simulator

/// The program that runs many seeds, as a program.
@Suite(.serialized) struct BatchTests {
    @Test func aSeedHasTheSameDigestInTwoProcesses() throws {
        let first = try run(["--seed", "5", "--events", "1500"])
        let second = try run(["--seed", "5", "--events", "1500"])
        #expect(first.status == 0)
        #expect(first.output == second.output)
        let hash = try simulate(RunRequest(seed: 5, events: 1_500)).hash
        #expect(first.output.contains("\nhash \(String(hash, radix: 16))\n"))
    }

    /// Killed in the middle, a batch has done in the end what one that ran through has: the hashes' sum shows that each seed was counted
    /// once.
    @Test func aKilledBatchGoesOnAndCountsEverySeedOnce() async throws {
        let folder = try temporaryFolder()
        let batch = ["--seeds", "1..20", "--events", "4000", "--unmeasured", "--state"]
        let whole = folder.appending(path: "whole").path()
        #expect(try run(batch + [whole]).status == 0)
        let parts = folder.appending(path: "parts").path()
        let process = try start(batch + [parts])
        try await progress(of: process, in: parts)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let done = try runs(in: parts)
        #expect((1..<20).contains(done))
        let rest = try run(batch + [parts])
        #expect(rest.status == 0)
        #expect(rest.output.contains("resuming at seed \(done + 1) of 20"))
        #expect(try String(contentsOfFile: parts, encoding: .utf8) == String(contentsOfFile: whole, encoding: .utf8))
        try FileManager.default.removeItem(at: folder)
    }

    @Test func aStateOfAnotherBatchIsRefused() throws {
        let folder = try temporaryFolder()
        let state = folder.appending(path: "state").path()
        #expect(try run(["--seeds", "1..1", "--events", "200", "--unmeasured", "--state", state]).status == 0)
        let other = try run(["--seeds", "1..2", "--events", "400", "--unmeasured", "--state", state])
        #expect(other.status == 2)
        #expect(other.output.hasPrefix("\(state) is of another batch"))
        try Data("seeds 1..1 events 200\n7\n".utf8).write(to: URL(filePath: state))
        #expect(try run(["--seeds", "1..1", "--events", "200", "--unmeasured", "--state", state]).status == 2)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func whatWasFoundIsFoundAgainOrKept() throws {
        let folder = try temporaryFolder()
        var options = try Options(["--seeds", "5..8", "--events", "800", "--state", folder.appending(path: "state").path()])
        var state = try BatchState.load(options)
        for seed in [6, 8, 5] as [UInt64] { state.done(RunReport(seed: seed, plan: ""), seed == 6 ? "violation: six" : nil) }
        #expect(state.nextSeed == 7)
        #expect(state.violations == ["violation: six"])
        try state.save(to: options.stateFile)
        let loaded = try BatchState.load(options)
        #expect(loaded.nextSeed == 7 && loaded.runs == 2 && loaded.total == state.total)
        #expect(loaded.violations == ["violation: six"])
        options.events += 1
        #expect(throws: Options.Mistake.self) { try BatchState.load(options) }
        try FileManager.default.removeItem(at: folder)
    }

    @Test func tooLittleOfAFaultIsNoticed() {
        var counts = FaultCounts()
        for kind in FaultKind.allCases where kind != .pause { counts.count(kind, 10 * kind.minimumPerMillionEvents) }
        counts.count(.pause, 10 * FaultKind.pause.minimumPerMillionEvents - 1)
        #expect(counts.tooFew(forEvents: 10_900_000) == [.pause])
        #expect(FaultKind.allCases.allSatisfy { $0.minimumPerMillionEvents > 0 })
    }

    // MARK: Helpers

    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "batch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The program stands beside the bundle of its tests.
    private func start(_ arguments: [String], output: Any? = nil) throws -> Process {
        let beside = URL(filePath: try #require(Bundle.main.executablePath)).deletingLastPathComponent()
        let bundle = URL(filePath: try #require(CommandLine.arguments.first)).deletingLastPathComponent()
        let found = [beside, bundle].map { $0.appending(path: "quorum-simulator") }.first {
            FileManager.default.isExecutableFile(atPath: $0.path())
        }
        let process = Process()
        let program: URL = try #require(found)
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let pipe = Pipe()
        let process = try start(arguments, output: pipe)
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    /// Waits until the state says that some of it is done.
    private func progress(of process: Process, in path: String) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline, process.isRunning, try runs(in: path) == 0 { try await Task.sleep(for: .milliseconds(20)) }
    }

    private func runs(in path: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        return try #require(Int(lines[2]))
    }
}
