import FoundationEssentials
import Glibc

/// How the demo runs a Prometheus.
struct PrometheusPlan: Equatable {
    let executable: String
    let configurationPath: String
    let dataFolder: String
    let port: UInt16
    /// What the reader should know of the configuration.
    let note: String

    /// Where Prometheus listens unless told otherwise.
    static let standardPort = 9_090

    /// The program's arguments. What it keeps is gone with the demo, so it keeps little.
    var arguments: [String] {
        [
            "--config.file=\(configurationPath)", "--storage.tsdb.path=\(dataFolder)", "--storage.tsdb.retention.time=6h",
            "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
        ]
    }

    /// - Parameters:
    ///   - plan: whose web ports are scraped.
    ///   - folder: for its data and, where needed, a configuration made for these ports.
    ///   - path: the `PATH`.
    ///   - searched: folders that may hold the bundled `prometheus.yml`, the first that does counts.
    /// - Throws: `DemoError.noPrometheus`, `.cannotMakeFolder`.
    init(plan: DemoPlan, folder: String, port: UInt16, path: String, searched: [String]) throws(DemoError) {
        let candidates = path.split(separator: ":").map { String($0) + "/prometheus" }
        guard let executable = candidates.first(where: { unsafe access($0, X_OK) == 0 }) else { throw .noPrometheus }
        self.executable = executable
        self.port = port
        dataFolder = folder + "/prometheus"
        if let home = searched.first(where: Self.isHome) {
            (configurationPath, note) = try Self.adapt(home: home, plan, folder)
        } else {
            configurationPath = folder + "/prometheus.yml"
            note = "without alerts: no prometheus.yml with rules was found here; start the demo in the project's folder for them"
            try Self.write(Self.minimal(plan), to: configurationPath)
        }
    }

    /// The current folder, and the folders above the executable: `.build/debug/quorum-exporter` lies below the project.
    static func searchedFolders(executable: String) -> [String] {
        var folders = [FileManager.default.currentDirectoryPath]
        var parts = executable.split(separator: "/").dropLast()
        while !parts.isEmpty, folders.count < 8 {
            folders.append("/" + parts.joined(separator: "/"))
            parts = parts.dropLast()
        }
        return folders
    }

    private static func isHome(_ folder: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: folder + "/prometheus.yml"), data.count < 1 << 20 else { return false }
        return String(decoding: data, as: UTF8.self).contains("127.0.0.1:\(DemoPlan.standardBasePort)")
    }

    /// The bundled file itself for its own ports, else a copy with other targets.
    private static func adapt(
        home: String, _ plan: DemoPlan, _ folder: String
    ) throws(DemoError) -> (path: String, note: String) {
        let bundled = home + "/prometheus.yml"
        let standard = DemoPlan()
        guard plan != standard, let data = FileManager.default.contents(atPath: bundled) else { return (bundled, "with \(bundled)") }
        var text = String(decoding: data, as: UTF8.self).replacing("- rules/", with: "- \(home)/rules/")
        for (own, other) in zip(plan.members, standard.members) {
            text = text.replacing("127.0.0.1:\(other.webPort)", with: "127.0.0.1:#\(own.webPort)")
        }
        let copy = folder + "/prometheus.yml"
        try write(text.replacing("127.0.0.1:#", with: "127.0.0.1:"), to: copy)
        return (copy, "with \(bundled) and the ports of this demo")
    }

    private static func minimal(_ plan: DemoPlan) -> String {
        let targets = plan.members.map { "\"127.0.0.1:\($0.webPort)\"" }.joined(separator: ", ")
        return """
            global: {scrape_interval: 5s, scrape_timeout: 4s}
            scrape_configs:
              - job_name: quorum
                static_configs:
                  - targets: [\(targets)]
                    labels: {cluster: demo}

            """
    }

    private static func write(_ text: String, to path: String) throws(DemoError) {
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw .cannotMakeFolder(path, reason: SystemCalls.reason())
        }
    }
}
