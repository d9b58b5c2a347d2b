/// What the command line asked for.
struct Options {
    /// The program to measure.
    var binary = ""
    /// Disturbances of each kind.
    var runs = 30
    var parts = Set(Part.allCases)

    /// What can be measured alone.
    enum Part: String, CaseIterable {
        case failover, freeze, stop, member, commit, memory, scrape

        /// Whether it disturbs the cluster, once a run.
        var isDisturbance: Bool {
            switch self {
            case .failover, .freeze, .stop, .member: true
            case .commit, .memory, .scrape: false
            }
        }
    }

    static let usage = """
        usage: quorum-bench BINARY [--runs N] [--only PART,…]

        Starts three nodes of the exporter BINARY on loopback, disturbs them N times (1 to 1000, default 30) in each way, and prints
        what was measured. Parts: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).
        Exit status 1: a run missed its deadline, or a healthy member was shown down; 2: the command line; 3: no cluster to measure.
        """

    /// - Throws: `Mistake` with what is wrong.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--runs": runs = try Options.count(rest.popFirst())
            case "--only": parts = try Options.parts(rest.popFirst())
            case _ where argument.hasPrefix("-"): throw Mistake("unknown flag \(argument)")
            case _ where !binary.isEmpty: throw Mistake("one binary, not also \(argument)")
            default: binary = argument
            }
        }
        guard !binary.isEmpty else { throw Mistake("no binary named") }
    }

    /// A command line that cannot be obeyed.
    struct Mistake: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    private static func count(_ text: String?) throws -> Int {
        guard let text, let count = Int(text), 1...1_000 ~= count else {
            throw Mistake("--runs takes a number from 1 to 1000, not \(text ?? "nothing")")
        }
        return count
    }

    private static func parts(_ text: String?) throws -> Set<Part> {
        let parts = try (text ?? "").split(separator: ",").map { name in
            guard let part = Part(rawValue: String(name)) else { throw Mistake("--only knows no \(name)") }
            return part
        }
        guard !parts.isEmpty else { throw Mistake("--only names no part") }
        return Set(parts)
    }
}
