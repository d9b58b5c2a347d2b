@testable import RaftCore

/// One command line as its words: a verb, then bare words, then `key=value` in any order. Each is to be taken exactly once.
struct ScenarioWords {
    let verb: String
    private var bare: [String] = []
    private var options: [(key: String, value: String)] = []

    /// What is wrong with the words.
    struct Mistake: Error, Equatable {
        var what: String

        init(_ what: String) { self.what = what }
    }

    init(_ text: String) {
        var words = text.split(separator: " ").map(String.init)[...]
        verb = words.popFirst() ?? ""
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { options.append((parts[0], parts[1])) } else { bare.append(word) }
        }
    }

    // MARK: Taking

    /// The next bare word, which names a node.
    mutating func node() throws(Mistake) -> UInt64 {
        guard let word = word(), let number = UInt64(word), number > 0 else { throw Mistake("\(verb): which node?") }
        return number
    }

    /// All bare words left, which name nodes.
    mutating func nodes() throws(Mistake) -> [UInt64] {
        var numbers: [UInt64] = []
        while !bare.isEmpty { numbers.append(try node()) }
        return numbers
    }

    /// The next bare word; nil when there is none.
    mutating func word() -> String? { bare.isEmpty ? nil : bare.removeFirst() }

    /// All bare words left.
    mutating func words() -> [String] {
        defer { bare = [] }
        return bare
    }

    /// The value of an option; nil when it is not given.
    mutating func option(_ key: String) -> String? {
        guard let place = options.firstIndex(where: { $0.key == key }) else { return nil }
        return options.remove(at: place).value
    }

    /// The value of an option that is a number; nil when it is not given.
    mutating func number(_ key: String) throws(Mistake) -> UInt64? {
        guard let value = option(key) else { return nil }
        guard let number = UInt64(value) else { throw Mistake("\(key)=\(value): not a number") }
        return number
    }

    /// The next bare word, which is a time such as `250ms` or `3s`.
    mutating func duration() throws(Mistake) -> Duration {
        let word = word() ?? ""
        if word.hasSuffix("ms"), let number = Int64(word.dropLast(2)) { return .milliseconds(number) }
        if word.hasSuffix("s"), let number = Int64(word.dropLast()) { return .seconds(number) }
        throw Mistake("\(verb): \(word) is no time")
    }

    /// The next bare words as far as they say which messages are meant.
    mutating func selection() throws(Mistake) -> MessageSelection {
        var selection = MessageSelection()
        for word in words() { try selection.take(word) }
        return selection
    }

    /// To be called once all is taken.
    func end() throws(Mistake) {
        if let word = bare.first { throw Mistake("\(verb): what does \(word) mean?") }
        if let option = options.first { throw Mistake("\(verb): what does \(option.key)= mean?") }
    }
}

/// Which of the messages on their way a command means: `2` those for node 2, `1>2` those on a link, `*>2`, `1>*`, then kinds by name,
/// `first` or `last` for one only, `copy` to deliver and keep it, `damaged` for a snapshot with a byte changed on the way.
struct MessageSelection {
    private var links: [(from: NodeID?, to: NodeID?)] = []
    private var kinds: [String] = []
    private var isFirst = false
    private var isLast = false
    private(set) var isCopy = false
    private(set) var isDamaged = false

    mutating func take(_ word: String) throws(ScenarioWords.Mistake) {
        if let number = UInt64(word) {
            links.append((nil, NodeID(number)))
        } else if let link = ScenarioLink(word) {
            links.append((link.from, link.to))
        } else if Wording.kinds.contains(word) {
            kinds.append(word)
        } else {
            switch word {
            case "first": isFirst = true
            case "last": isLast = true
            case "copy": isCopy = true
            case "damaged": isDamaged = true
            default: throw ScenarioWords.Mistake("\(word) is no kind of message: \(Wording.kinds.joined(separator: " "))")
            }
        }
    }

    /// The numbers of those meant, oldest first.
    func numbers(of messages: [Cluster.Envelope]) -> [Int] {
        let meant = messages.filter { message in
            let isOnLink = links.contains { ($0.from ?? message.from) == message.from && ($0.to ?? message.to) == message.to }
            return (links.isEmpty || isOnLink) && (kinds.isEmpty || kinds.contains(Wording.kind(message.message.body)))
        }
        if isFirst { return meant.prefix(1).map(\.number) }
        return (isLast ? meant.suffix(1) : meant[...]).map(\.number)
    }
}

/// A link as it is written: `1>2` one way, `1-2` both ways; `*` for any node.
struct ScenarioLink {
    var from: NodeID?
    var to: NodeID?
    var isBothWays: Bool

    init?(_ word: String) {
        let isBothWays = word.contains("-")
        let ends = word.split(separator: isBothWays ? "-" : ">", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0 == "*" || UInt64($0) != nil }) else { return nil }
        self.isBothWays = isBothWays
        from = UInt64(ends[0]).map(NodeID.init)
        to = UInt64(ends[1]).map(NodeID.init)
    }
}
