import Foundation
import Testing

/// The alerts fire when they should and stay quiet when they should, by promtool's own evaluation.
struct TimelineTests {
    @Test("promtool agrees with each timeline", arguments: Timeline.all.map(\.name))
    func promtoolAgrees(name: String) throws {
        let result = try Promtool.run(["test", "rules", "rules/tests/\(name).yml"])
        #expect(result.succeeded, "\(result.output)")
    }

    @Test func theAnnotationsReadAsMeant() throws {
        let result = try Promtool.run(["test", "rules", "rules/tests/annotations.yml"])
        #expect(result.succeeded, "\(result.output)")
    }

    /// With RECORD_RULES_TESTS set, as `make rules-tests` does, the files are written instead.
    @Test func theFilesAreWhatTheTimelinesSay() throws {
        let folder = Repository.url("rules/tests")
        if ProcessInfo.processInfo.environment["RECORD_RULES_TESTS"] != nil {
            for timeline in Timeline.all {
                try Data(timeline.text().utf8).write(to: folder.appending(path: timeline.name + ".yml"))
            }
        }
        let present = Repository.paths(below: "rules/tests", ending: ".yml").filter { !$0.hasSuffix("/annotations.yml") }
        #expect(present == Timeline.all.map { "rules/tests/\($0.name).yml" }.sorted())
        for timeline in Timeline.all where present.contains("rules/tests/\(timeline.name).yml") {
            let same = try Repository.text("rules/tests/\(timeline.name).yml") == timeline.text()
            #expect(same, "rules/tests/\(timeline.name).yml differs from its timeline; `make rules-tests` writes it anew")
        }
    }

    @Test func everyAlertFiresInOneTimelineAndIsQuietInAnother() {
        let fired = Timeline.all.map { Set($0.starts.keys.map(\.name)) }
        for alert in RulesTests.alerts {
            #expect(fired.contains { $0.contains(alert) }, "\(alert) fires nowhere")
            #expect(fired.contains { !$0.contains(alert) }, "\(alert) is quiet nowhere")
        }
    }

    @Test func theNotationIsPromtools() {
        #expect(Timeline.notation([1, 1, 1]) == "1+0x2")
        #expect(Timeline.notation([0, 15, 30, 7]) == "0+15x2 7")
        #expect(Timeline.notation([nil, nil, 3, nil, nil, nil, 9, 4, -1]) == "_x2 3 stale _x2 9-5x2")
        #expect(Timeline.notation([nil, 3, nil, nil, 1]) == "_ 3 stale _ 1")
    }
}
