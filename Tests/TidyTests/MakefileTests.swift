import Foundation
import Testing

/// `make test` runs the test targets in groups: one that is in no group would never run.
@Suite struct MakefileTests {
    @Test func everyTestTargetIsInAGroup() throws {
        let groups = try Repository.text("Makefile")
        let targets = MakefileTests.testTargets(in: try Repository.text("Package.swift"))
        #expect(targets.count > 10)
        for target in targets { #expect(MakefileTests.isNamed(target, in: groups), "\(target) is in no group of the Makefile") }
    }

    @Test func aTargetInNoGroupIsFound() {
        let manifest = #"Module("ATests", kind: .test), Module("B"), Module("CTests", ["C"])"#
        #expect(MakefileTests.testTargets(in: manifest) == ["ATests", "CTests"])
        #expect(!MakefileTests.isNamed("NewTests", in: "TEST_GROUPS := 'ATests|BrandNewTests'"))
        #expect(MakefileTests.isNamed("ATests", in: "TEST_GROUPS := 'ATests|BrandNewTests'"))
    }

    private static func testTargets(in manifest: String) -> [String] {
        manifest.matches(of: /"([A-Za-z]+Tests)"/).map { String($0.output.1) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func isNamed(_ target: String, in makefile: String) -> Bool {
        makefile.split(whereSeparator: { " '|\\\n\t".contains($0) }).contains { $0 == target }
    }
}
