import RaftCore

/// The files of one machine: what its processes see, what its disk would have after a loss of power, and what lies between the two.
///
/// A write is volatile until its file is synced; a name is volatile until its folder is.
struct DiskModel {
    private(set) var files: [File] = []
    /// Which file a name means, for processes and on the disk.
    private(set) var names: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    /// What the disk has not been told to keep, in order.
    private var unsynced: [Change] = []
    private var unsyncedNames: [NameChange] = []
    /// Handles of earlier processes are dead.
    private(set) var generation: UInt32 = 0
    var faults = DiskFaults()
    var random: RandomSource
    private(set) var counts = DiskCounts()

    /// A file's content as processes see it, and on the disk.
    struct File {
        var cached: [UInt8] = []
        var durable: [UInt8] = []
        /// The next sync makes its name durable too.
        var syncsFolder: Bool
    }

    /// A part of a file that was written, or its end.
    struct Change {
        var file: Int
        var kind: Kind

        enum Kind {
            case write(offset: Int, bytes: [UInt8])
            case truncate(size: Int)
        }
    }

    enum NameChange {
        case link(String, Int)
        case unlink(String)
        case rename(String, String)
    }

    /// Syncs of files say they are done and do nothing: a disk that lies, or a store that never asks.
    private let ignoresSyncs: Bool

    init(seed: UInt64, ignoresSyncs: Bool = false) {
        random = RandomSource(seed: seed)
        self.ignoresSyncs = ignoresSyncs
    }

    // MARK: Names

    /// Whether there is a file of a name.
    func exists(_ path: String) throws(DiskFailure) -> Bool {
        guard !faults.isDead else { throw .access }
        return names[path] != nil
    }

    /// The number of a file, which is made if it is missing and that is wanted.
    mutating func open(_ path: String, creates: Bool, syncsFolder: Bool) throws(DiskFailure) -> Int {
        guard !faults.isDead else { throw .open }
        if let file = names[path] {
            // As for SQLite on Unix: whoever might have made the journal makes its name durable.
            if syncsFolder { files[file].syncsFolder = true }
            return file
        }
        guard creates else { throw .open }
        try step(.open)
        files.append(File(syncsFolder: syncsFolder))
        change(.link(path, files.count - 1))
        return files.count - 1
    }

    mutating func remove(_ path: String, syncsFolder: Bool) throws(DiskFailure) {
        guard names[path] != nil else { throw faults.isDead ? .remove : .missing }
        try step(.remove)
        change(.unlink(path))
        if syncsFolder { try synchronizeFolder() }
    }

    mutating func rename(_ path: String, to name: String) throws(DiskFailure) {
        guard names[path] != nil else { throw .missing }
        try step(.remove)
        change(.rename(path, name))
    }

    mutating func synchronizeFolder() throws(DiskFailure) {
        try step(.folderSync, isSync: true)
        counts.syncs += 1
        for change in unsyncedNames { DiskModel.apply(change, to: &durableNames) }
        unsyncedNames = []
    }

    private mutating func change(_ change: NameChange) {
        DiskModel.apply(change, to: &names)
        unsyncedNames.append(change)
    }

    private static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .link(let path, let file): names[path] = file
        case .unlink(let path): names[path] = nil
        case .rename(let path, let name):
            names[name] = names[path]
            names[path] = nil
        }
    }

    // MARK: Content

    /// Bytes of a file from an offset on; fewer than asked for at its end.
    mutating func read(_ file: Int, count: Int, at offset: Int) throws(DiskFailure) -> ArraySlice<UInt8> {
        guard !faults.isDead, !faults.takeFailingRead() else { throw .read }
        counts.reads += 1
        let size = files[file].cached.count
        return files[file].cached[min(offset, size)..<min(offset + count, size)]
    }

    mutating func write(_ file: Int, _ bytes: [UInt8], at offset: Int) throws(DiskFailure) {
        guard !faults.isDead else { throw .write }
        let growth = max(0, offset + bytes.count - files[file].cached.count)
        guard growth <= faults.freeBytes - usedBytes else { throw .full }
        let change = Change(file: file, kind: .write(offset: offset, bytes: bytes))
        // The write at which power goes is under way: a part of it may reach the disk.
        counts.writes += 1
        DiskModel.apply(change.kind, to: &files[file].cached)
        unsynced.append(change)
        try step(.write)
    }

    mutating func truncate(_ file: Int, to size: Int) throws(DiskFailure) {
        try step(.truncate)
        let change = Change(file: file, kind: .truncate(size: size))
        DiskModel.apply(change.kind, to: &files[file].cached)
        unsynced.append(change)
    }

    func size(_ file: Int) throws(DiskFailure) -> Int {
        guard !faults.isDead else { throw .size }
        return files[file].cached.count
    }

    mutating func synchronize(_ file: Int) throws(DiskFailure) {
        try step(.sync, isSync: true)
        counts.syncs += 1
        if faults.takeFailingSync() {
            // Some of it is on the disk; what is not is forgotten, and a later sync succeeds without it.
            settle(.scattered(keeps: 500_000), where: { $0.file == file })
            throw .sync
        }
        if ignoresSyncs { return }
        settle(.all, where: { $0.file == file })
        guard files[file].syncsFolder else { return }
        try synchronizeFolder()
        files[file].syncsFolder = false
    }

    var usedBytes: Int { names.values.reduce(0) { $0 + files[$1].cached.count } }

    private mutating func step(_ failure: DiskFailure, isSync: Bool = false) throws(DiskFailure) {
        guard !faults.isDead else { throw failure }
        counts.steps += 1
        if faults.takeStep(isSync: isSync) { throw failure }
    }

    // MARK: The end of a process, and of the machine's power

    /// The process is gone: what it wrote is there for the next one.
    mutating func endProcess() {
        generation &+= 1
        faults = DiskFaults()
    }

    /// Power is gone, and back: of what was not synced, that much is there which the disk happened to have written.
    mutating func losePower(_ loss: PowerLoss) {
        settle(loss, where: { _ in true })
        let kept = loss == .all ? unsyncedNames.count : loss == .nothing ? 0 : Int(random.number(below: UInt64(unsyncedNames.count + 1)))
        for change in unsyncedNames.prefix(kept) { DiskModel.apply(change, to: &durableNames) }
        unsyncedNames = []
        names = durableNames
        for position in files.indices { files[position].cached = files[position].durable }
        endProcess()
    }

    /// The disk has written so much of the changes, and will write no more of them.
    private mutating func settle(_ loss: PowerLoss, where isMeant: (Change) -> Bool) {
        var settler = Settler(loss: loss, count: unsynced.count(where: isMeant), random: random)
        for change in unsynced where isMeant(change) { settler.apply(change.kind, to: &files[change.file].durable) }
        unsynced.removeAll(where: isMeant)
        random = settler.random
    }

    static func apply(_ kind: Change.Kind, to content: inout [UInt8]) {
        switch kind {
        case .truncate(let size): content.resize(to: size)
        case .write(let offset, let bytes):
            if content.count < offset { content.resize(to: offset) }
            if content.count == offset { return content += bytes }
            if content.count < offset + bytes.count { content.resize(to: offset + bytes.count) }
            // As one move of memory: most of what a test of the store does is this.
            unsafe content.withUnsafeMutableBytes { target in
                unsafe bytes.withUnsafeBytes { source in
                    unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes.count]).copyMemory(from: source)
                }
            }
        }
    }

    // MARK: Damage

    /// Changes bytes that were synced long ago, as a disk does that rots.
    mutating func damage(_ path: String, _ body: (inout [UInt8], inout RandomSource) -> Void) {
        guard let file = names[path], !files[file].durable.isEmpty else { return }
        body(&files[file].durable, &random)
        files[file].cached = files[file].durable
    }
}

extension [UInt8] {
    /// Cuts off, or adds zeros.
    fileprivate mutating func resize(to size: Int) {
        if size < count { removeLast(count - size) } else { self += [UInt8](repeating: 0, count: size - count) }
    }
}
