import Testing

/// The planted bugs in `Tests/Mutants` must go on applying: one that does not shows nothing of the checkers any more.
@Suite struct PlantedBugTests {
    @Test func everyPlantedBugStillApplies() throws {
        let patches = Repository.paths(below: "Tests/Mutants", ending: ".patch")
        #expect(patches.count >= 24)
        for path in patches {
            let faults = try PlantedBugTests.faults(of: Repository.text(path)) { try? Repository.text($0) }
            #expect(faults.isEmpty, "\(path): \(faults.joined(separator: "; "))")
        }
    }

    @Test func aPatchWhoseLinesAreGoneIsFound() {
        let patch = "--- a/F\n+++ b/F\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
        #expect(PlantedBugTests.faults(of: patch) { _ in "zero\none\ntwo\n" } == [])
        #expect(PlantedBugTests.faults(of: patch) { _ in "one\nthree\n" } == ["F: lines that are not there: one"])
        #expect(PlantedBugTests.faults(of: patch) { _ in nil } == ["F: no such file"])
        #expect(PlantedBugTests.faults(of: "words") { _ in "" } == ["no change in it"])
    }

    /// What keeps a patch from applying.
    private static func faults(of patch: String, file: (String) -> String?) -> [String] {
        var faults: [String] = []
        var path = ""
        var old: [Substring] = []
        var hunks = 0
        func close() {
            defer { old = [] }
            guard let first = old.first else { return }
            hunks += 1
            guard let text = file(path) else { return faults.append("\(path): no such file") }
            if !("\n" + text).contains("\n" + old.joined(separator: "\n") + "\n") {
                faults.append("\(path): lines that are not there: \(first)")
            }
        }
        for line in patch.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("--- a/") {
                close()
                path = String(line.dropFirst("--- a/".count))
            } else if line.hasPrefix("@@ ") {
                close()
            } else if !path.isEmpty, !line.hasPrefix("+"), !line.hasPrefix("diff "), line.hasPrefix(" ") || line.hasPrefix("-") {
                old.append(line.dropFirst())
            }
        }
        close()
        return hunks == 0 ? ["no change in it"] : faults
    }
}
