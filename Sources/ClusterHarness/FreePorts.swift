import Glibc
import Synchronization

/// Ports that nobody listens on, below the range from which the system hands out ports of outgoing connections: a node that is killed and
/// started again finds its port still free.
public enum FreePorts {
    private static let range: ClosedRange<UInt16> = 21_000...32_000
    private static let given = Mutex<Set<UInt16>>([])

    /// - Returns: that many different ports, none of them given to this process before.
    /// - Throws: `HarnessError` when a thousand tries find too few.
    public static func take(_ count: Int) throws -> [UInt16] {
        var ports: [UInt16] = []
        for _ in 0..<1_000 where ports.count < count {
            let port = UInt16.random(in: range)
            if given.withLock({ $0.insert(port).inserted }), isFree(port) { ports.append(port) }
        }
        guard ports.count == count else { throw HarnessError("only \(ports.count) of \(count) ports free in \(range)") }
        return ports
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
