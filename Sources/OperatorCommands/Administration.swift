import ArgumentParser
import FoundationEssentials
import StatusDocuments

/// Asks a node to change something, and says what came of it.
struct Administration {
    let node: AskedNode
    /// Within this the node must have answered.
    let seconds: Double

    /// - Parameters:
    ///   - path: of the API, without a query.
    ///   - parameters: of the query; those without a value are left out.
    /// - Throws: `CommandFailure` with one line: refused, or not known whether done.
    func perform(_ method: String, _ path: String, _ parameters: [(name: String, value: String?)]) throws {
        let query = parameters.compactMap { name, value in value.map { "\(name)=\(Administration.escaped($0))" } }.joined(separator: "&")
        let request = node.request(query.isEmpty ? path : path + "?" + query, method: method)
        print(try Administration.line(HTTPFetch.all([request], within: seconds)[0], of: node))
    }

    static let unknown = "it is not known whether this was done: see 'quorum-exporter members list' before you try again"

    /// What to print when it was done.
    static func line(_ outcome: HTTPOutcome, of node: AskedNode) throws -> String {
        switch outcome {
        case .failed(let reason) where AskedNode.isUnreached(reason): throw CommandFailure(description: node.explanation(of: reason))
        case .failed(let reason): throw CommandFailure(description: "\(node.name): \(reason); \(unknown)")
        case .answered(200, let body):
            guard let done = decoded(OutcomeDocument.self, body) else {
                throw CommandFailure(description: "\(node.name): answers, but not as a node does; \(unknown)")
            }
            return done.message.printable + (done.index.map { " (committed at index \($0))" } ?? "")
        case .answered(let status, let body):
            guard let error = decoded(ErrorDocument.self, body) else {
                throw CommandFailure(description: "\(node.name): answers with \(status); is it a node of this version?")
            }
            throw CommandFailure(description: error.message.printable)
        }
    }

    private static func decoded<Document: Decodable>(_ type: Document.Type, _ body: [UInt8]) -> Document? {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            // Somebody else's document: to the reader it says nothing.
            return nil
        }
    }

    /// Percent-encoding of everything but letters, digits and `-._`.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: String(UnicodeScalar(byte))
            default: "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }.joined()
    }
}

/// How long a command waits.
struct TimeLimit: ParsableArguments {
    @Option(help: ArgumentHelp("How long to wait for the outcome.", valueName: "seconds"))
    var timeout = 10.0

    init() {}

    func validate() throws {
        guard timeout >= 1, timeout <= 60 else { throw ValidationError("--timeout: \(timeout) is not from 1 to 60 seconds") }
    }
}
