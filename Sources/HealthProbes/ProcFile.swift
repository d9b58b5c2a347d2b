import Glibc

/// A file of the kernel's, read whole and bounded.
struct ProcFile {
    /// What an error calls it.
    let path: String
    let bytes: [UInt8]

    /// No file of `/proc` that is read here comes near this, on any machine; what does is not such a file.
    static let maximumBytes = 4 << 20

    /// - Throws: `ProbeError.unreadable` or `ProbeError.tooLarge`.
    init(_ path: String) throws(ProbeError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw .unreadable(file: path, reason: systemMessage(errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32_768)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .unreadable(file: path, reason: systemMessage(code))
            }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > ProcFile.maximumBytes { throw .tooLarge(file: path, maximumBytes: ProcFile.maximumBytes) }
        }
        self.bytes = bytes
    }

    /// Its lines without their line feeds; a last line without one counts.
    var lines: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "\n")) }

    /// The first line that starts with a word followed by a blank, without that word.
    ///
    /// - Throws: `ProbeError.malformed` when there is none.
    func line(startingWith word: String) throws(ProbeError) -> ArraySlice<UInt8> {
        for line in lines where line.starts(with: word.utf8) {
            let rest = line.dropFirst(word.utf8.count)
            if let next = rest.first, isBlank(next) { return rest }
        }
        throw .malformed(path, expected: "a line \"\(word)\"", found: bytes)
    }

    /// A field as an unsigned decimal number.
    ///
    /// - Throws: `ProbeError.malformed` when it is anything else, or does not fit.
    func number(_ field: ArraySlice<UInt8>, _ meaning: String) throws(ProbeError) -> UInt64 {
        guard let number = decimal(field) else { throw .malformed(path, expected: "a number for \(meaning)", found: field) }
        return number
    }
}

/// An unsigned decimal number of digits alone; nil for anything else.
func decimal(_ field: ArraySlice<UInt8>) -> UInt64? {
    if field.isEmpty { return nil }
    var number: UInt64 = 0
    for byte in field {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
        let (sum, carried) = scaled.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        if tooLarge || carried { return nil }
        number = sum
    }
    return number
}

/// The words between blanks.
func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] { line.split(whereSeparator: isBlank) }

func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

/// The system's text for an error number.
func systemMessage(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    if unsafe strerror_r(code, &buffer, buffer.count) != 0 { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
