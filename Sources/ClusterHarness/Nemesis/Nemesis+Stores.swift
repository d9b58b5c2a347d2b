import Foundation
import ScrapeHistory

extension Nemesis {
    /// The node whose disk is full stops by itself and says which disk; with room again it comes back.
    func fillDisk(for hold: Duration) async throws {
        let (victim, disk) = small
        guard let process = victim.current, process.ending == nil else { throw HarnessError("\(victim.name) does not run") }
        try await deed("fill the disk of \(victim.name)") {
            $0.gone.insert(victim.name)
        } _: {
            try disk.fill()
            let ending = try await process.waitForEnd(within: .seconds(30))
            if ending == .exited(0) { broken.append("\(victim.name) had a full disk and ended as if nothing were") }
            if !victim.lastLogLines.contains(disk.path) {
                broken.append("\(victim.name) ended on a full disk without naming it: \(victim.lastLogLines)")
            }
        }
        try await Task.sleep(for: hold)
        try disk.makeRoom()
        try await startAgain(victim)
    }

    /// A node with a flipped bit in its store starts with the right data, which the history will tell, or refuses and names the damage.
    /// A refused one gets its bit back: that stands where the steps for replacing such a node will.
    func flipBit(_ victim: HarnessNode, for hold: Duration) async throws {
        try await killNow(victim)
        let store = try StoreFiles(of: victim.storagePath)
        let place = try store.flipBit(using: &numbers)
        try await Task.sleep(for: min(hold, .seconds(2)))
        let logged = victim.log.count
        let started = ContinuousClock.now
        let process = try victim.start()
        let ending = try await eventually("\(victim.name) with a flipped bit", within: .seconds(15)) { () -> [NodeProcess.Ending]? in
            if let ending = process.ending { return [ending] }
            return try await victim.observe().picture == nil ? nil : []
        }
        if let ended = ending.first {
            let text = String(victim.log.dropFirst(logged))
            if ended == .exited(0) || !text.contains(victim.storagePath) {
                broken.append("\(victim.name) with \(place) ended with \(ended) and said: \(text)")
            }
            report("\(victim.name) with \(place) is refused: \(text.split(separator: "\n").last ?? "")")
            count("flipped bits refused")
            try store.restore()
            try await startAgain(victim)
        } else {
            note("start \(victim.name) with \(place)", since: started) { $0.gone.remove(victim.name) }
            report("\(victim.name) runs with \(place)")
            count("flipped bits without consequence")
        }
    }
}
