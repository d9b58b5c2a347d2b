import Testing

struct RulesTests {
    static let alerts = [
        "QuorumNodeDown", "QuorumMemberStatusUnknown", "QuorumNoLeader", "QuorumNoView", "QuorumTwoLeaders", "QuorumMixedClusters",
        "QuorumAtRisk", "QuorumViewStale", "QuorumLeaderFlapping", "QuorumAllTargetsGone", "QuorumNodeNotScraped",
    ]

    @Test func promtoolAcceptsTheConfigurationAndItsRules() throws {
        let configuration = try Promtool.run(["check", "config", "prometheus.yml"])
        #expect(configuration.succeeded, "\(configuration.output)")
        let rules = try Promtool.run(["check", "rules", "rules/quorum.rules.yml"])
        #expect(rules.succeeded, "\(rules.output)")
    }

    @Test func everyAlertIsThereAndExplainsItself() throws {
        let file = RulesFile(try Repository.text("rules/quorum.rules.yml"))
        #expect(file.alerts.map(\.name) == RulesTests.alerts)
        let runbook = try Repository.text("rules/README.md")
        for alert in file.alerts {
            for field in ["for", "severity", "summary", "description", "runbook_url"] {
                #expect(alert.fields[field]?.isEmpty == false, "\(alert.name) lacks \(field)")
            }
            #expect(seconds(alert.fields["for"] ?? "") > 60, "\(alert.name) may fire on one scrape a minute")
            #expect(["critical", "warning"].contains(alert.fields["severity"]), "\(alert.name)")
            #expect(alert.fields["runbook_url"] == "rules/README.md#" + alert.name.lowercased())
            #expect(runbook.contains("\n### \(alert.name)\n"), "the runbook has no section \(alert.name)")
        }
    }

    @Test func noAlertReadsTheViewOfAnInstance() throws {
        for alert in RulesFile(try Repository.text("rules/quorum.rules.yml")).alerts {
            let raw = Query(text: alert.expression).metrics.filter { $0.hasPrefix("quorum_member_") }
            #expect(raw.isEmpty, "\(alert.name) reads \(raw), whose instance changes with the leader")
        }
    }

    @Test func everyNameInTheRulesExists() throws {
        let catalog = try CatalogNames.load()
        let file = RulesFile(try Repository.text("rules/quorum.rules.yml"))
        #expect(file.rules.allSatisfy { !$0.expression.isEmpty })
        for rule in file.rules {
            let mistakes = Query(text: rule.expression).mistakes(catalog, records: file.records)
            #expect(mistakes.isEmpty, "\(rule.name): \(mistakes)")
        }
    }

    @Test func wrongNamesAreFound() {
        let catalog = CatalogNames(source: #"node.gauge("quorum_a", "member", help: "x") node.seconds(\#n "quorum_b_seconds", help: "x")"#)
        #expect(catalog.entries.map(\.name) == ["quorum_a", "quorum_b_seconds"])
        func mistakes(_ text: String) -> [String] { Query(text: text).mistakes(catalog, records: ["job:quorum_a:sum"]) }
        #expect(mistakes("sum(quorum_a{member=\"quorum_z\",job=\"b\"}) + job:quorum_a:sum + rate(quorum_b_seconds_bucket[5m])").isEmpty)
        #expect(mistakes("quorum_z") == ["no metric is called quorum_z"])
        #expect(mistakes("quorum_b_seconds") == ["no metric is called quorum_b_seconds"])
        #expect(mistakes("job:quorum_z:sum") == ["no rule records job:quorum_z:sum"])
        #expect(mistakes("quorum_a{peer=\"b\"}") == ["quorum_a has no label peer"])
    }

    @Test func theAlertmanagerExampleNamesOnlyAlertsThatExist() throws {
        let text = try Repository.text("rules/alertmanager.example.yml")
        let named = text.matches(of: #/Quorum[A-Za-z]+/#).map { String($0.0) }
        #expect(!named.isEmpty)
        for name in named { #expect(RulesTests.alerts.contains(name), "\(name)") }
    }

    @Test(.enabled(if: Repository.has("README.md"), "there is no README yet"))
    func theReadmeTellsOfEveryMetricAndOfNoOther() throws {
        let readme = try Repository.text("README.md")
        let catalog = try CatalogNames.load()
        for entry in catalog.entries { #expect(readme.contains("`\(entry.name)`"), "the README does not mention \(entry.name)") }
        for match in readme.matches(of: #/`(quorum_[a-z0-9_]+)[`{]/#) {
            let name = String(match.1)
            #expect(catalog.entries.contains { $0.name == name } || catalog.entry(ofSeries: name) != nil, "the README tells of \(name)")
        }
    }

    private func seconds(_ duration: String) -> Int {
        guard let match = duration.firstMatch(of: #/^(\d+)([smh])$/#), let number = Int(match.1) else { return 0 }
        return number * (match.2 == "s" ? 1 : match.2 == "m" ? 60 : 3_600)
    }
}
