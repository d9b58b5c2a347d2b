/// How an option's text becomes a value.
enum ValueParsers {
    /// The longest path or URL.
    static let maximumTextBytes = 1_024

    static func boolean(_ text: String) throws(ValueProblem) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw ValueProblem(found: "is neither", allowed: "true, false")
        }
    }

    static func integer(_ range: ClosedRange<Int>) -> @Sendable (String) throws(ValueProblem) -> Int {
        { text throws(ValueProblem) in
            let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            guard let number = Int(text) else { throw ValueProblem(found: "is not a whole number", allowed: allowed) }
            guard range.contains(number) else { throw ValueProblem(found: "is out of range", allowed: allowed) }
            return number
        }
    }

    static func duration(_ minimum: Duration, _ maximum: Duration) -> @Sendable (String) throws(ValueProblem) -> Duration {
        { text throws(ValueProblem) in
            let allowed = "a duration such as 1m30s or 100ms, from \(DurationText.format(minimum)) to \(DurationText.format(maximum))"
            guard let duration = DurationText.parse(text) else { throw ValueProblem(found: "is not a duration", allowed: allowed) }
            guard duration >= minimum else { throw ValueProblem(found: "is too short", allowed: allowed) }
            guard duration <= maximum else { throw ValueProblem(found: "is too long", allowed: allowed) }
            return duration
        }
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _: Choice.Type
    ) -> @Sendable (String) throws(ValueProblem) -> Choice where Choice.RawValue == String {
        { text throws(ValueProblem) in
            guard let choice = Choice(rawValue: text) else {
                throw ValueProblem(found: "is none of them", allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return choice
        }
    }

    /// A cluster's or a member's name.
    static func name(_ text: String) throws(ValueProblem) -> String {
        guard (1...63).contains(text.utf8.count), text.utf8.allSatisfy(isNameByte) else {
            throw ValueProblem(found: "is not a name", allowed: "1 to 63 of the characters A-Z a-z 0-9 . _ -")
        }
        return text
    }

    /// One `name=host:port`.
    static func initialMember(_ text: String) throws(ValueProblem) -> NodeConfiguration.InitialMember {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValueProblem(found: "has no =", allowed: "name=host:port")
        }
        return NodeConfiguration.InitialMember(
            name: try name(String(text[..<equals])), address: try HostAndPort.dialled(String(text[text.index(after: equals)...])))
    }

    static func path(_ text: String) throws(ValueProblem) -> String {
        guard (1...maximumTextBytes).contains(text.utf8.count), !text.utf8.contains(0) else {
            throw ValueProblem(found: "is not a path", allowed: "a path of 1 to \(maximumTextBytes) bytes")
        }
        return text
    }

    /// The longest path of a socket that the system takes, in bytes.
    static let maximumSocketPathBytes = 107

    static func socketPath(_ text: String) throws(ValueProblem) -> String {
        guard (1...maximumSocketPathBytes).contains(text.utf8.count), !text.utf8.contains(0), !text.hasSuffix("/") else {
            throw ValueProblem(found: "is no path for a socket", allowed: "a file's path of 1 to \(maximumSocketPathBytes) bytes")
        }
        return text
    }

    /// `http://host:port/path` or `https://…`, without a slash at the end.
    static func url(_ text: String) throws(ValueProblem) -> String {
        let problem = ValueProblem(
            found: "is not a usable URL", allowed: "http://host:port or https://host:port with an optional path, no user, query or fragment"
        )
        guard text.utf8.count <= maximumTextBytes, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw problem }
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { throw problem }
        var rest = text.dropFirst(scheme.count)
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains(where: { "@?#\\\"<>".contains($0) }) else { throw problem }
        let authority = rest.prefix { $0 != "/" }
        let hasPort = !authority.hasSuffix("]") && authority.contains(":")
        let withPort = hasPort ? String(authority) : authority + ":80"
        do { _ = try HostAndPort.dialled(withPort) } catch { throw problem }
        return scheme + rest
    }

    /// A path that none of the other pages has.
    static func telemetryPath(_ text: String) throws(ValueProblem) -> String {
        let allowed = "a path that begins with / and has the characters A-Z a-z 0-9 . _ - / only"
        let segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard text.hasPrefix("/"), text.utf8.count <= maximumTextBytes, text.utf8.allSatisfy({ isNameByte($0) || $0 == 0x2F }),
            text == "/" || segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw ValueProblem(found: "is not a usable path", allowed: allowed) }
        guard !isTaken(text) else {
            throw ValueProblem(
                found: "is another page's path", allowed: "any but /, /cluster/metrics, /http_sd and what is below /api/ and /-/")
        }
        return text
    }

    private static func isTaken(_ path: String) -> Bool {
        ["/", "/cluster/metrics", "/http_sd", "/api", "/-"].contains(path) || path.hasPrefix("/api/") || path.hasPrefix("/-/")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: return true
        default: return false
        }
    }
}
