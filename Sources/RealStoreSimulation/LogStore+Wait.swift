import Dispatch
import LogStorage
import RaftCore
import Synchronization

extension LogStore {
    /// Writes, and blocks until that is durable or has failed: what comes next then depends on no other thread.
    ///
    /// - Returns: why it failed; nil when it is durable.
    func writeAndWait(_ writes: [StorageWrite]) -> LogStorageError? {
        let done = DispatchSemaphore(value: 0)
        let failure = Mutex<LogStorageError?>(nil)
        write(writes) { result in
            if case .failure(let error) = result {
                failure.withLock { $0 = error as? LogStorageError ?? .cannotWrite(file: "", reason: "\(error)") }
            }
            done.signal()
        }
        done.wait()
        return failure.withLock { $0 }
    }
}
