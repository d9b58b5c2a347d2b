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
    /// A refused one is repaired as the README says.
    func flipBit(_ victim: HarnessNode, for hold: Duration) async throws {
        try await killNow(victim)
        let place = try StoreFiles(of: victim.storagePath).flipBit(using: &numbers)
        try await Task.sleep(for: min(hold, .seconds(2)))
        if try await isRefused(victim, with: place) {
            count("flipped bits refused")
            try await repair(victim)
        } else {
            count("flipped bits without consequence")
        }
    }

    /// A page of the store's own file is spoiled: no node starts on that.
    func ruin(_ victim: HarnessNode, for hold: Duration) async throws {
        try await killNow(victim)
        let place = try StoreFiles(of: victim.storagePath).spoilPage(using: &numbers)
        try await Task.sleep(for: min(hold, .seconds(2)))
        guard try await isRefused(victim, with: place) else {
            broken.append("\(victim.name) runs with \(place)")
            return
        }
        try await repair(victim)
    }

    /// Starts a node whose store was changed, and waits until it answers, or until it has ended with the words that it must say.
    private func isRefused(_ victim: HarnessNode, with place: String) async throws -> Bool {
        let logged = victim.log.count
        let started = ContinuousClock.now
        let process = try victim.start()
        let ending = try await eventually("\(victim.name) with \(place)", within: .seconds(15)) { () -> [NodeProcess.Ending]? in
            if let ending = process.ending { return [ending] }
            return try await victim.observe().picture == nil ? nil : []
        }
        guard let ended = ending.first else {
            note("start \(victim.name) with \(place)", since: started) { $0.gone.remove(victim.name) }
            return false
        }
        let text = String(victim.log.dropFirst(logged))
        if ended == .exited(0) || !text.contains(victim.storagePath) {
            broken.append("\(victim.name) with \(place) ended with \(ended) and said: \(text)")
        }
        report("\(victim.name) with \(place) is refused: \(text.split(separator: "\n").last ?? "")")
        return true
    }
}
