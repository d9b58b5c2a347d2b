/// A request's target, taken apart: `/api/v1/events?after=7`.
struct RequestTarget {
    /// The path, as sent.
    let path: String
    /// The names and values of the query, in order, decoded.
    let query: [(name: String, value: String)]

    /// The most parameters that are read.
    static let maximumParameters = 64

    /// Takes a target apart; an absolute one (`http://host/path`, as proxies send it) loses scheme and host.
    init(_ target: String) {
        let local = Self.withoutAuthority(target)
        let parts = local.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = parts.count < 2 ? [] : Self.parameters(parts[1])
    }

    private static func withoutAuthority(_ target: String) -> Substring {
        guard !target.hasPrefix("/") else { return target[...] }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            guard let slash = rest.firstIndex(of: "/") else { return "/" }
            return rest[slash...]
        }
        return target[...]
    }

    private static func parameters(_ query: Substring) -> [(name: String, value: String)] {
        query.split(separator: "&").prefix(maximumParameters).map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
        }
    }

    /// Percent-decoding; `+` is a space. What is no valid escape stays as it is, what is no UTF-8 is replaced.
    private static func decoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(bytes[index] == 0x2B ? 0x20 : bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
