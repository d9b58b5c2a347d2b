import Glibc

/// The file system as the configuration needs it, so that tests can pass one of their own.
public struct ConfigurationFiles: Sendable {
    /// The content of a file of at most `maximumBytes`, or why there is none.
    public let read: @Sendable (_ path: String) throws(FileProblem) -> [UInt8]
    /// Why a folder can neither be written nor created; nil when it can.
    public let folderProblem: @Sendable (_ path: String) -> String?

    /// The largest file read.
    public static let maximumBytes = 1 << 20

    /// Creates a file system from its two questions.
    public init(
        read: @escaping @Sendable (_ path: String) throws(FileProblem) -> [UInt8],
        folderProblem: @escaping @Sendable (_ path: String) -> String?
    ) {
        self.read = read
        self.folderProblem = folderProblem
    }

    /// This machine's.
    public static let system = ConfigurationFiles(read: SystemFiles.read, folderProblem: SystemFiles.folderProblem)
}

/// Why a file cannot be used, such as `cannot be read: No such file or directory`.
public struct FileProblem: Error, Equatable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }
}

/// The host name, for the default member name.
public enum HostName {
    /// What the system calls this machine; empty when it does not say.
    public static func current() -> String {
        // One byte stays zero, so that a name that was cut off ends too.
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

private enum SystemFiles {
    static func read(_ path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileProblem("cannot be read: \(reason(errno))") }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while content.count <= ConfigurationFiles.maximumBytes {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem("cannot be read: \(reason(errno))") }
            if count == 0 { return content }
            content += chunk[..<count]
        }
        throw FileProblem("is larger than \(ConfigurationFiles.maximumBytes) bytes")
    }

    /// Looks at the folder, or at the nearest one above it that exists.
    static func folderProblem(_ path: String) -> String? {
        var candidate = path
        while true {
            var status = stat()
            if unsafe stat(candidate, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else { return "cannot be a folder: \(candidate) is a file" }
                guard unsafe access(candidate, W_OK | X_OK) == 0 else {
                    return "cannot be written: \(candidate): \(reason(errno))"
                }
                return nil
            }
            guard errno == ENOENT else { return "cannot be used: \(candidate): \(reason(errno))" }
            candidate = parent(of: candidate)
        }
    }

    private static func parent(of path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func reason(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
