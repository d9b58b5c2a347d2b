import Logging
import Testing

@testable import ExporterNode

@Suite struct LineLogHandlerTests {
    private let handler = LineLogHandler(level: .info, isJSON: false)

    @Test func aLineStaysOneLineAndText() {
        #expect(handler.logfmt(("peer", "a-1")) == "peer=a-1")
        #expect(handler.logfmt(("msg", "say \"hi\"\n\t\\")) == #"msg="say \"hi\"\n\t\\""#)
        #expect(handler.logfmt(("msg", "x\u{1B}[2J")) == #"msg="x\u001b[2J""#)
        #expect(handler.logfmt(("msg", "x\u{9B}2J")) == #"msg="x\u009b2J""#)
        #expect(handler.json(("msg", "\u{202E}x\u{85}")) == #""msg":"\u202ex\u0085""#)
    }
}
