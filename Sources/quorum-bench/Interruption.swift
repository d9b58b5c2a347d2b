import ClusterHarness
import Dispatch
import Glibc
import Synchronization

/// On SIGINT and SIGTERM: no node outlives the benchmark.
enum Interruption {
    private static let running = Mutex<HarnessCluster?>(nil)

    /// The cluster to end, in place of an earlier one.
    static func cleansUp(_ cluster: HarnessCluster) { running.withLock { $0 = cluster } }

    /// From now on the signals end nodes and benchmark. The harness's watchdog removes the folder, and whatever was started meanwhile.
    ///
    /// - Returns: what watches for them, to be held as long as they are to be obeyed.
    static func isObeyed() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let nodes = running.withLock { $0?.nodes ?? [] }
                for node in nodes { node.kill() }
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
