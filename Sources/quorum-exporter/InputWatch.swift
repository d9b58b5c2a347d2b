import Foundation
import Glibc

/// Ends this process in an orderly way when its standard input ends.
enum InputWatch {
    /// Starts a thread that waits for the end of the input and then sends this process SIGTERM. What comes before is ignored.
    static func start() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = unsafe read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            _ = kill(getpid(), SIGTERM)
        }
    }
}

/// The standard error stream.
enum StandardError {
    /// Writes a text and a newline; when nobody reads, nobody misses it.
    static func write(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
