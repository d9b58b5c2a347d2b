import GRDB

/// The store's tables, and how a connection to it is set up.
enum StoreSchema {
    /// Marks the file as ours: "quor".
    static let applicationID: Int64 = 0x71_75_6f_72

    /// Numbers are UInt64s stored by their bits. Every value counts into a checksum: nothing here is believed for being in a column.
    static let statements = [
        """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            format INTEGER NOT NULL, cluster TEXT NOT NULL, member TEXT NOT NULL, incarnation INTEGER NOT NULL,
            cluster_id_high INTEGER, cluster_id_low INTEGER, term INTEGER NOT NULL, vote INTEGER,
            start_index INTEGER NOT NULL, start_term INTEGER NOT NULL, start_chain INTEGER NOT NULL,
            end_index INTEGER NOT NULL, end_term INTEGER NOT NULL, end_chain INTEGER NOT NULL,
            openings INTEGER NOT NULL, checksum INTEGER NOT NULL,
            snapshot_index INTEGER, snapshot_term INTEGER, snapshot_bytes INTEGER, snapshot_chain INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE log (
            log_index INTEGER PRIMARY KEY,
            term INTEGER NOT NULL, kind INTEGER NOT NULL, content BLOB NOT NULL, chain INTEGER NOT NULL
        ) STRICT
        """,
        snapshotTable,
    ]

    private static let snapshotTable =
        "CREATE TABLE snapshot (part INTEGER PRIMARY KEY, content BLOB NOT NULL, chain INTEGER NOT NULL) STRICT"

    /// What turns the tables of the first format into those of the second; the state row's format and checksum are to follow.
    static let statementsFromFirstFormat =
        ["index", "term", "bytes", "chain"].map { "ALTER TABLE state ADD COLUMN snapshot_\($0) INTEGER" } + [snapshotTable]

    /// A connection that only looks: it creates nothing, and the file stays as it is.
    static func readingConfiguration() -> Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "log.check"
        return configuration
    }

    /// The one connection that writes.
    ///
    /// A rollback journal, not a write-ahead log: one flipped bit in the latter ends the log there, without any error. The journal is kept
    /// and its header zeroed at each commit (PERSIST): its name and length need no sync of their own. FULL syncs the journal before the
    /// store, the store, and the zeroed header before a commit returns. What a killed process left of it is removed at the next opening.
    static func writingConfiguration(journalMode: String = "persist") -> Configuration {
        var configuration = Configuration()
        configuration.label = "log.write"
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(journalMode)")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// What the connection must read back, since a setting that did not take is silent: the names and values that differ.
    static func settingsThatDidNotTake(_ db: Database, journalMode: String = "persist") throws -> [String] {
        let wanted = [("journal_mode", journalMode), ("synchronous", "2"), ("locking_mode", "exclusive")]
        return try wanted.compactMap { name, value in
            let found = try Row.fetchOne(db, sql: "PRAGMA \(name)")?[0] as DatabaseValue?
            let text = found.map { describe($0) } ?? "nothing"
            return text == value ? nil : "\(name) is \(text), not \(value)"
        }
    }

    private static func describe(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .int64(let number): return String(number)
        case .string(let text): return text
        case .null, .double, .blob: return "of another type"
        }
    }
}
