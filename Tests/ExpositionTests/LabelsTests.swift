import Testing

@testable import Exposition

@Suite struct LabelsTests {
    @Test func `labels keep the order in which they are given`() {
        let labels = Labels(("b", "1"), ("a", "2")).adding("c", "3")
        #expect(labels.pairs.map(\.name) == ["b", "a", "c"])
        #expect(String(decoding: labels.rendered, as: UTF8.self) == #"b="1",a="2",c="3""#)
    }

    @Test func `adding rendered labels is adding them one by one`() {
        let member = Labels(("member", "a"))
        #expect(member.adding(Labels(("state", "up"))) == member.adding("state", "up"))
        #expect(member.adding(.none) == member)
        #expect(Labels.none.adding(member) == member)
    }

    @Test(arguments: ["", "\\", "\"", "\n", "\\n", "a\\\"b\n", "=\",", "é\u{0}☃"])
    func `a value is read back as it was given`(value: String) {
        let pairs = Labels(("first", value), ("second", "plain")).pairs
        #expect(pairs.map(\.value) == [value, "plain"])
        #expect(pairs.map(\.name) == ["first", "second"])
    }
}
