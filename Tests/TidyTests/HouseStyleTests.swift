import Testing

struct HouseStyleTests {
    @Test func filesAreShort() throws { try expectClean(HouseStyle.filesAreShort) }
    @Test func linesAreNarrow() throws { try expectClean(HouseStyle.linesAreNarrow) }
    @Test func nothingIsForced() throws { try expectClean(HouseStyle.nothingIsForced) }
    @Test func uncheckedPromisesAreProved() throws { try expectClean(HouseStyle.uncheckedPromisesAreProved) }

    @Test func nothingIsLeftForLaterAnywhere() throws { try expectCleanEverywhere(HouseStyle.nothingIsLeftForLater) }
    @Test func noFileNamesAPathOfOneMachine() throws { try expectCleanEverywhere(HouseStyle.noPathOfOneMachine) }

    @Test func plantedFaultsOfStyleAreFound() {
        expectFound(HouseStyle.filesAreShort, "Sources/A/A.swift", String(repeating: "\n", count: 401))
        expectQuiet(HouseStyle.filesAreShort, "Sources/A/A.swift", String(repeating: "\n", count: 400))
        expectQuiet(HouseStyle.filesAreShort, "Sources/A/A.pb.swift", String(repeating: "\n", count: 4_000))
        expectFound(HouseStyle.linesAreNarrow, "Sources/A/A.swift", "//" + String(repeating: "a", count: 139))
        expectFound(HouseStyle.nothingIsForced, "Sources/A/A.swift", "let a = try! b()")
        expectFound(HouseStyle.nothingIsForced, "Sources/A/A.swift", "let a = b as! C")
        expectQuiet(HouseStyle.nothingIsForced, "Sources/A/A.swift", "// try! is not for us\nlet a = \"as!\"")
        expectFound(HouseStyle.nothingIsLeftForLater, "Sources/A/A.swift", "// TODO: all of it")
        expectFound(HouseStyle.uncheckedPromisesAreProved, "Sources/A/A.swift", "struct A: @unchecked Sendable {}")
        expectQuiet(HouseStyle.uncheckedPromisesAreProved, "Sources/A/A.swift", "// One loop owns it.\nstruct A: @unchecked Sendable {}")
        expectFound(HouseStyle.noPathOfOneMachine, "README.md", "see /home/me/notes")
        expectFound(HouseStyle.noPathOfOneMachine, "Makefile", "SOURCE=/home/me/main")
        expectQuiet(HouseStyle.noPathOfOneMachine, "README.md", "https://a.example/home/page and /var/lib/data")
    }

    @Test func commentsAndStringsAreNoCode() {
        #expect(CodeText.strip("a // b\nc") == "a \nc")
        #expect(CodeText.strip("a /* b /* c */ d */ e") == "a  e")
        #expect(CodeText.strip("\"a // b\" c") == "\"\" c")
        #expect(CodeText.strip("#\"a \" b\"# c") == "\"\" c")
        #expect(CodeText.strip("\"\"\"\na\n\"\"\" b") == "\"\"\n\n b")
        #expect(CodeText.strip("\"a \\(b(\"c\")) d\" e") == "\"\" e")
        #expect(CodeText.strip("\"a\\\" b\" c") == "\"\" c")
        #expect(CodeText.strip("\"open\nnext") == "\"\"\nnext")
    }

    private func expectCleanEverywhere(_ rule: Rule) throws {
        try expectClean(rule)
        for finding in try Repository.otherFiles().flatMap(rule) { Issue.record("\(finding)") }
    }
}
