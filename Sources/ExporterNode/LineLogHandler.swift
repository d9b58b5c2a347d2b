import Foundation
import Logging
import StatusDocuments

/// Writes one line a message to standard error: logfmt, or JSON.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let isJSON: Bool

    init(level: Logger.Level, isJSON: Bool) {
        logLevel = level
        self.isJSON = isJSON
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = [("ts", timestamp()), ("level", event.level.rawValue), ("msg", event.message.description)]
        let extra = metadata.merging(event.metadata ?? [:]) { _, new in new }
        fields += extra.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        if let error = event.error { fields.append(("error", "\(error)")) }
        let line = fields.map { isJSON ? json($0) : logfmt($0) }.joined(separator: isJSON ? "," : " ")
        let whole = isJSON ? "{\(line)}\n" : line + "\n"
        FileHandle.standardError.write(Data(whole.utf8))
    }

    private func timestamp() -> String { Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    func logfmt(_ field: (String, String)) -> String {
        let plain = field.1.unicodeScalars.allSatisfy { !$0.isControl && $0 != " " && $0 != "\"" && $0 != "=" }
        return field.0 + "=" + (plain && !field.1.isEmpty ? field.1 : quoted(field.1))
    }

    func json(_ field: (String, String)) -> String { quoted(field.0) + ":" + quoted(field.1) }

    /// In double quotes, with what would end the line or the quotes escaped as JSON does.
    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isControl: result += scalar.escape
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
