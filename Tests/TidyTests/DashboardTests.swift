import Foundation
import Testing

struct DashboardTests {
    private func dashboards() throws -> [(path: String, dashboard: Dashboard)] {
        try Repository.paths(below: "grafana", ending: ".json").map { ($0, try Dashboard(try Repository.text($0))) }
    }

    @Test func itImportsAnywhereAndNothingOverlaps() throws {
        #expect(try !dashboards().isEmpty)
        for (path, dashboard) in try dashboards() {
            let mistakes = dashboard.mistakes()
            #expect(mistakes.isEmpty, "\(path): \(mistakes)")
        }
    }

    @Test func everyQueryIsUnderstoodByPrometheus() throws {
        for (path, dashboard) in try dashboards() {
            #expect(dashboard.expressions.count > 20)
            let mistake = try Promtool.mistake(in: dashboard.expressions.map(Dashboard.withoutVariables))
            #expect(mistake == nil, "\(path): \(mistake ?? "")")
        }
        #expect(try Promtool.mistake(in: ["sum(up", "up"]) != nil, "a broken query went unnoticed")
    }

    @Test func everyNameExistsAndNoneIsOnlyRecorded() throws {
        let catalog = try CatalogNames.load()
        for (path, dashboard) in try dashboards() {
            for expression in dashboard.expressions {
                // Without records: the dashboard has to work where the rules are not loaded.
                let mistakes = Query(text: Dashboard.withoutVariables(expression)).mistakes(catalog, records: [])
                #expect(mistakes.isEmpty, "\(path): \(mistakes) in \(expression)")
            }
        }
    }

    @Test(
        "a planted mistake is found",
        arguments: [
            ("\"schemaVersion\": 36", "\"schemaVersion\": 42"),
            ("\"id\": null,", "\"id\": null, \"__inputs\": [],"),
            ("\"uid\": \"${datasource}\"", "\"uid\": \"abc\""),
            ("\"uid\": \"${datasource}\"", "\"uid\": \"${DS_PROMETHEUS}\""),
            ("\"id\": 2,", "\"id\": 1,"),
            ("\"x\": 4,", "\"x\": 3,"),
            ("\"x\": 20,", "\"x\": 21,"),
            ("\"name\": \"cluster\",", "\"name\": \"custom\","),
            ("\"type\": \"stat\",\n      \"title\"", "\"type\": \"graph\",\n      \"title\""),
        ])
    func aPlantedMistakeIsFound(original: String, planted: String) throws {
        let text = try Repository.text("grafana/quorum-cluster.json")
        guard let place = text.range(of: original) else {
            Issue.record("nothing to break: \(original)")
            return
        }
        #expect(try !Dashboard(text.replacingCharacters(in: place, with: planted)).mistakes().isEmpty, "\(planted)")
    }
}
