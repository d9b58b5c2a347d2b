import Foundation

/// A Grafana dashboard, as its JSON says.
struct Dashboard {
    let json: [String: Any]

    struct Malformed: Error {}

    init(_ text: String) throws {
        guard let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { throw Malformed() }
        self.json = json
    }

    /// All panels, those within collapsed rows too.
    var panels: [[String: Any]] { Dashboard.flat(json["panels"]) }

    /// All queries of panels and annotations.
    var expressions: [String] {
        let targets = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap { $0["expr"] as? String }
        return targets + annotations.compactMap { $0["expr"] as? String }
    }

    var annotations: [[String: Any]] { (json["annotations"] as? [String: Any])?["list"] as? [[String: Any]] ?? [] }
    var variables: [[String: Any]] { (json["templating"] as? [String: Any])?["list"] as? [[String: Any]] ?? [] }

    /// A query with values where the variables stood.
    static func withoutVariables(_ query: String) -> String {
        query.replacing("$__rate_interval", with: "1m").replacing("$__interval", with: "15s")
            .replacing(#/\$\{?(cluster|job|instance|member)\}?/#, with: ".+")
    }

    /// What is wrong with its form; empty when nothing is.
    func mistakes() -> [String] {
        mistakesOfForm() + mistakesOfIdentity() + mistakesOfLayout(json["panels"], at: "top") + mistakesOfSource(json, at: "")
    }

    private func mistakesOfForm() -> [String] {
        var mistakes: [String] = []
        if json["schemaVersion"] as? Int != 36 { mistakes.append("schemaVersion is not 36, which Grafana 9 reads") }
        if json["__inputs"] != nil { mistakes.append("__inputs are not filled by provisioning") }
        if !(json["id"] is NSNull) { mistakes.append("id is not null") }
        if (json["uid"] as? String ?? "").isEmpty { mistakes.append("no uid") }
        let names = variables.compactMap { $0["name"] as? String }
        for name in ["datasource", "cluster", "job"] where !names.contains(name) { mistakes.append("no variable \(name)") }
        for panel in panels where panel["type"] as? String != "row" {
            for key in ["title", "description"] where (panel[key] as? String ?? "").isEmpty { mistakes.append("a panel without \(key)") }
            let kind = panel["type"] as? String ?? ""
            if !["stat", "timeseries", "state-timeline", "table"].contains(kind) { mistakes.append("a panel of kind \(kind)") }
        }
        return mistakes
    }

    private func mistakesOfIdentity() -> [String] {
        let ids = panels.compactMap { $0["id"] as? Int }
        return ids.count == panels.count && Set(ids).count == ids.count ? [] : ["panel ids are missing or not unique"]
    }

    private func mistakesOfLayout(_ value: Any?, at place: String) -> [String] {
        var mistakes: [String] = []
        var taken: Set<[Int]> = []
        for panel in value as? [[String: Any]] ?? [] {
            let title = panel["title"] as? String ?? ""
            guard let grid = panel["gridPos"] as? [String: Int], let x = grid["x"], let y = grid["y"], let w = grid["w"], let h = grid["h"]
            else { return ["\(title) has no place"] }
            if x < 0 || y < 0 || w < 1 || h < 1 || x + w > 24 { mistakes.append("\(title) is outside the 24 columns") }
            let cells = Set((y..<y + max(h, 0)).flatMap { row in (x..<x + max(w, 0)).map { [$0, row] } })
            if !taken.isDisjoint(with: cells) { mistakes.append("\(title) overlaps another panel") }
            taken.formUnion(cells)
            mistakes += mistakesOfLayout(panel["panels"], at: title)
        }
        return mistakes
    }

    /// Everything that names a data source names the variable.
    private func mistakesOfSource(_ value: Any, at place: String) -> [String] {
        if let text = value as? String { return text.contains("DS_") ? ["\(place) holds the placeholder \(text)"] : [] }
        if let list = value as? [Any] { return list.enumerated().flatMap { mistakesOfSource($1, at: "\(place)[\($0)]") } }
        guard let object = value as? [String: Any] else { return [] }
        var mistakes = object.flatMap { mistakesOfSource($1, at: place + "." + $0) }
        let asks = object["expr"] != nil || (object["type"] as? String == "query" && object["name"] != nil)
        if asks || object["datasource"] != nil {
            let source = object["datasource"] as? [String: String]
            let isVariable = source?["uid"] == "${datasource}" && source?["type"] == "prometheus"
            if !isVariable { mistakes.append("\(place) asks a data source of its own") }
        }
        return mistakes
    }

    private static func flat(_ value: Any?) -> [[String: Any]] {
        (value as? [[String: Any]] ?? []).flatMap { [$0] + flat($0["panels"]) }
    }
}
