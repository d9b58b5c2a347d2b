extension NodeConfiguration {
    /// Reads the configuration of `serve`: a flag wins over the environment, that over the file, that over the default.
    ///
    /// - Parameters:
    ///   - arguments: of the command, without the program's name and without `serve`.
    ///   - environment: all variables; those that are no option's are ignored, and so are empty ones.
    ///   - files: the file system.
    ///   - hostName: the default of `--cluster.member`.
    /// - Throws: all mistakes at once; the process should print their lines and exit with `ConfigurationMistakes.exitStatus`.
    public static func load(
        arguments: [String], environment: [String: String], files: ConfigurationFiles = .system, hostName: String = HostName.current()
    ) throws(ConfigurationMistakes) -> NodeConfiguration {
        var reader = gather(arguments, environment, files)
        return try NodeConfiguration(&reader, files: files, hostName: hostName)
    }

    private static func gather(_ arguments: [String], _ environment: [String: String], _ files: ConfigurationFiles) -> SettingsReader {
        let commandLine = CommandLineSource(arguments, options: OptionTable.all)
        let outer = EnvironmentSource.settings(environment, options: OptionTable.all).merging(commandLine.settings) { $1 }
        var reader = SettingsReader(settings: outer, mistakes: commandLine.mistakes)
        guard let path = reader.value(of: OptionTable.configFile) else { return reader }
        do throws(FileProblem) {
            let bytes = try files.read(path.value)
            guard let text = String(validating: bytes, as: UTF8.self) else { throw FileProblem("is not UTF-8 text") }
            let file = YAMLSource(path: path.value, text: text, options: OptionTable.all)
            return SettingsReader(settings: file.settings.merging(outer) { $1 }, mistakes: reader.mistakes + file.mistakes)
        } catch {
            reader.note(path.place, path.value, error.text, allowed: "a readable YAML file")
            return reader
        }
    }

    /// Checks each value by itself, then beside the others.
    private init(
        _ reader: inout SettingsReader, files: ConfigurationFiles, hostName: String
    ) throws(ConfigurationMistakes) {
        let cluster = Cluster.read(&reader, files: files, hostName: hostName)
        let web = Web.read(&reader, advertised: cluster?.advertiseAddress, hostName: hostName)
        let storagePath = Self.readStoragePath(&reader, files)
        let socketPath = storagePath.flatMap { Self.readSocketPath(&reader, storagePath: $0) }
        let raft = Raft.read(&reader)
        let health = Health.read(&reader, raft: raft)
        let log = Log.read(&reader)
        let recording = reader.value(of: OptionTable.debugRecord)
        guard reader.mistakes.isEmpty, let web, let cluster, let storagePath, let socketPath, let raft, let health, let log else {
            throw ConfigurationMistakes(lines: reader.mistakes.isEmpty ? ["the configuration is incomplete"] : reader.mistakes)
        }
        self.web = web
        self.cluster = cluster
        self.storagePath = storagePath
        adminSocketPath = socketPath
        self.raft = raft
        self.health = health
        self.log = log
        recordingPath = recording?.value
    }

    private static func readStoragePath(_ reader: inout SettingsReader, _ files: ConfigurationFiles) -> String? {
        guard let path = reader.value(of: OptionTable.storagePath) else { return nil }
        if let problem = files.folderProblem(path.value) {
            reader.note(path.place, path.value, problem, allowed: "a folder that can be written or created")
        }
        return path.value
    }

    private static func readSocketPath(_ reader: inout SettingsReader, storagePath: String) -> String? {
        reader.value(of: OptionTable.adminSocket, orElse: adminSocketPath(inStorage: storagePath))?.value
    }
}

extension NodeConfiguration.Raft {
    /// At least this many heartbeats in an election timeout: two may be lost without an election.
    static let minimumHeartbeatsPerTimeout = 3

    static func read(_ reader: inout SettingsReader) -> NodeConfiguration.Raft? {
        let heartbeat = reader.value(of: OptionTable.raftHeartbeatInterval)
        let timeout = reader.value(of: OptionTable.raftElectionTimeout)
        let snapshotEntries = reader.value(of: OptionTable.raftSnapshotEntries)
        guard let heartbeat, let timeout, let snapshotEntries else { return nil }
        let least = heartbeat.value * minimumHeartbeatsPerTimeout
        if timeout.value < least {
            reader.note(
                timeout.place, DurationText.format(timeout.value), "is too short",
                allowed: "at least \(DurationText.format(least)), three times \(OptionTable.raftHeartbeatInterval.description.key)")
        }
        return NodeConfiguration.Raft(
            heartbeatInterval: heartbeat.value, electionTimeout: timeout.value, snapshotEntries: snapshotEntries.value)
    }
}

extension NodeConfiguration.Health {
    static func read(_ reader: inout SettingsReader, raft: NodeConfiguration.Raft?) -> NodeConfiguration.Health? {
        let interval = reader.value(of: OptionTable.healthInterval)
        let downAfter = reader.value(of: OptionTable.healthDownAfter)
        let upAfter = reader.value(of: OptionTable.healthUpAfter)
        let reportsResources = reader.value(of: OptionTable.healthResourceMetrics)
        guard let interval, let downAfter, let upAfter, let reportsResources else { return nil }
        if let raft { check(downAfter, interval.value, raft, &reader) }
        return NodeConfiguration.Health(
            interval: interval.value, downAfter: downAfter.value, upAfter: upAfter.value, reportsResources: reportsResources.value)
    }

    /// An election waits up to two timeouts, and the next leader's first round may wait an interval: a view must not be called stale,
    /// nor a leader's successor silent, sooner than that.
    private static func check(
        _ downAfter: Located<Duration>, _ interval: Duration, _ raft: NodeConfiguration.Raft, _ reader: inout SettingsReader
    ) {
        let least = raft.electionTimeout * 2 + interval
        guard downAfter.value < least else { return }
        reader.note(
            downAfter.place, DurationText.format(downAfter.value), "is too short",
            allowed: "at least \(DurationText.format(least)), twice \(OptionTable.raftElectionTimeout.description.key) and "
                + OptionTable.healthInterval.description.key)
    }
}

extension NodeConfiguration.Log {
    static func read(_ reader: inout SettingsReader) -> NodeConfiguration.Log? {
        let level = reader.value(of: OptionTable.logLevel)
        let format = reader.value(of: OptionTable.logFormat)
        guard let level, let format else { return nil }
        return NodeConfiguration.Log(level: level.value, format: format.value)
    }
}
