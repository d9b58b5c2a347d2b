import ClusterHarness

/// What the command line asked for.
struct Options {
    /// The program to run.
    var binary = ""
    var minutes = 10.0
    var seed: UInt64 = 1
    /// Copies of a store with a flipped bit: a thousand in ten minutes or more and fewer in a shorter run, or what the command line says.
    var flips: Int { givenFlips ?? Options.share(of: 1_000, in: minutes) }
    private var givenFlips: Int?
    /// How many processes must be killed for the run to show anything.
    var kills: Int { Options.share(of: 100, in: minutes) }
    /// How many nodes the clusters have, one after the other and again.
    var nodes = [3, 5]
    /// Only faults in whose name this stands.
    var only = ""

    static let usage = """
        usage: quorum-soak BINARY [--minutes M] [--seed S] [--nodes N,…] [--flips F] [--only WORD]

        Runs clusters of the exporter BINARY in network namespaces for M minutes (default 10), does to them what the seed S says while all
        nodes are scraped, and checks everything that was scraped. Before that it starts F copies (default 100 a minute, at most 1000) of a
        store, each with a flipped bit. N: how many nodes the clusters have, one after the other (3 to 7, default 3,5). With a WORD only
        faults in whose name it stands, such as "ruin the store" or "leader". Needs root.
        Exit status 1: something that must hold did not, or too little was done to say so: ten processes are to be killed by SIGKILL a
        minute, a hundred in ten or more; 2: the command line; 3: the run itself failed.
        """

    /// A command line that cannot be obeyed.
    struct Mistake: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// - Throws: `Mistake` with what is wrong.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--minutes": minutes = try Options.number(argument, rest.popFirst(), in: 0...1_000) { Double($0) }
            case "--seed": seed = try Options.number(argument, rest.popFirst(), in: 0...UInt64.max) { UInt64($0) }
            case "--flips": givenFlips = try Options.number(argument, rest.popFirst(), in: 0...100_000) { Int($0) }
            case "--only": only = rest.popFirst() ?? ""
            case "--nodes":
                nodes = try (rest.popFirst() ?? "").split(separator: ",").map { part in
                    try Options.number(argument, String(part), in: 3...7) { Int($0) }
                }
                guard !nodes.isEmpty else { throw Mistake("--nodes names no number") }
            case _ where argument.hasPrefix("-"): throw Mistake("unknown flag \(argument)")
            case _ where !binary.isEmpty: throw Mistake("one binary, not also \(argument)")
            default: binary = argument
            }
        }
        guard !binary.isEmpty else { throw Mistake("no binary named") }
        for count in nodes where NemesisPlan(nodes: count, seed: seed, only: only).isEmpty {
            throw Mistake("--only \(only): no fault of \(count) nodes has that in its name")
        }
    }

    /// Of what ten minutes are to bring, what a run of so many minutes is.
    private static func share(of whole: Int, in minutes: Double) -> Int { Int(Double(whole) * min(1, minutes / 10)) }

    private static func number<Number: Comparable>(
        _ flag: String, _ text: String?, in range: ClosedRange<Number>, _ read: (String) -> Number?
    ) throws -> Number {
        guard let text, let number = read(text), range.contains(number) else {
            throw Mistake("\(flag) takes a number from \(range.lowerBound) to \(range.upperBound), not \(text ?? "nothing")")
        }
        return number
    }
}
