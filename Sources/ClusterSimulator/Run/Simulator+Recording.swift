import NodeReplica
import RaftCore

// What one machine's processes take in, as a node records it.

/// Whose inputs are to be recorded, and where the bytes go.
public struct RecordingRequest: Sendable {
    /// The machine, such as `m0`.
    public var machine: String
    /// Called with the number of a process on that machine, from 1, and the next bytes of its recording.
    public var write: @Sendable (_ boot: UInt32, _ bytes: [UInt8]) -> Void

    public init(machine: String, write: @escaping @Sendable (_ boot: UInt32, _ bytes: [UInt8]) -> Void) {
        self.machine = machine
        self.write = write
    }
}

extension Simulator {
    mutating func beginRecording(_ head: RecordingHead, on slot: Int) {
        guard let recording, recording.machine == machines[slot].name else { return }
        var recorder = RecordingEncoder()
        recording.write(machines[slot].boot, recorder.begin(head))
        machines[slot].recorder = recorder
    }

    /// Before it is handed over.
    mutating func record(_ input: @autoclosure () -> RecordedInput, at moment: Moment, on slot: Int) {
        guard let bytes = machines[slot].recorder?.input(input(), at: moment) else { return }
        recording?.write(machines[slot].boot, bytes)
    }
}
