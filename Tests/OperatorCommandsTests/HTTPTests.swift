import Foundation
import Glibc
import Testing

@testable import OperatorCommands

@Suite struct HTTPTests {
    private func outcome(_ pieces: [String], isClosed: Bool = false) -> HTTPOutcome? {
        var reader = HTTPResponseReader()
        for piece in pieces {
            if let outcome = reader.take(Array(piece.utf8)[...]) { return outcome }
        }
        return isClosed ? reader.finished() : nil
    }

    @Test func `an answer in one piece and byte by byte is the same`() {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        let expected = HTTPOutcome.answered(status: 200, body: Array("hello".utf8))
        #expect(outcome([text]) == expected)
        #expect(outcome(text.map(String.init)) == expected)
        #expect(outcome([text + "more"]) == expected)
        #expect(outcome(["HTTP/1.1 503 Unavailable\r\ncontent-length:0\r\n\r\n"]) == .answered(status: 503, body: []))
    }

    @Test func `without a length the answer ends with the connection, with one it must be complete`() {
        #expect(outcome(["HTTP/1.0 200 OK\r\n\r\nhe", "llo"], isClosed: true) == .answered(status: 200, body: Array("hello".utf8)))
        let cut = HTTPOutcome.failed("the connection ended within the answer")
        #expect(outcome(["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"], isClosed: true) == cut)
        #expect(outcome(["HTTP/1.1 200 OK\r\nCont"], isClosed: true) == cut)
        #expect(outcome([], isClosed: true) == cut)
    }

    @Test func `what is no answer, or too long, fails`() {
        #expect(outcome(["SSH-2.0-x\r\n\r\n"]) == .failed("the answer is not HTTP"))
        #expect(outcome(["HTTP/1.1 abc\r\n\r\n"]) == .failed("the answer is not HTTP"))
        #expect(outcome(["HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"]) == .failed("the answer is not HTTP"))
        #expect(outcome(["HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n"]) == .failed("the answer is too long"))
        #expect(outcome([String(repeating: "x", count: 20_000)]) == .failed("the answer's head is too long"))
        let endless = String(repeating: "x", count: 1 << 20)
        #expect(outcome(["HTTP/1.1 200 OK\r\n\r\n"] + Array(repeating: endless, count: 9)) == .failed("the answer is too long"))
    }

    @Test func `several are fetched at once, and who refuses or is silent does not hold up the others`() throws {
        let answering = try Listener()
        let silent = try Listener()
        let refusing = try Listener()
        refusing.close()
        Thread.detachNewThread { answering.answerOnce("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        let outcomes = HTTPFetch.all(
            [silent, answering, refusing].map { HTTPRequest(endpoint: .loopback(port: $0.port), path: "/x") }, within: 2)
        #expect(outcomes == [.failed("no answer"), .answered(status: 200, body: Array("ok".utf8)), .failed("Connection refused")])
        #expect(answering.request.contains("GET /x HTTP/1.1\r\nHost: 127.0.0.1:\(answering.port)\r\n"))
        #expect(answering.request.hasSuffix("\r\n\r\n"))
    }

    @Test func `a cancelled fetch ends at once`() throws {
        let silent = try Listener()
        let began = SystemCalls.monotonicSeconds()
        let outcomes = HTTPFetch.all([HTTPRequest(endpoint: .loopback(port: silent.port), path: "/")], within: 60) { true }
        #expect(outcomes == [.failed("no answer")])
        #expect(SystemCalls.monotonicSeconds() - began < 30)
    }

    @Test(arguments: [
        ("http://a", "a", 80, ""), ("http://a:1/", "a", 1, ""), ("http://[::1]:2/x/y/", "::1", 2, "/x/y"), ("http://[::1]", "::1", 80, ""),
    ])
    func `a URL is taken apart`(text: String, host: String, port: Int, path: String) throws {
        let url = try #require(PlainURL(text))
        #expect(url.host == host)
        #expect(Int(url.port) == port)
        #expect(url.path == path)
    }

    @Test(arguments: [
        "https://a", "a:1", "http://", "http://:1", "http://a:0", "http://a:x", "http://a:70000", "http://u@a", "http://a/b c",
    ])
    func `this is no URL to ask`(text: String) { #expect(PlainURL(text) == nil) }
}

/// A listening socket on a port the system chose.
private final class Listener: Sendable {
    let port: UInt16
    private let descriptor: CInt
    private let received = SharedText()

    struct Unusable: Error {}

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        let any = HTTPEndpoint.loopback(port: 0)
        guard unsafe any.withAddress({ unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, 8) == 0 else { throw Unusable() }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &size) }
        }
        guard named == 0 else { throw Unusable() }
        port = UInt16(bigEndian: address.sin_port)
    }

    var request: String { received.text }

    func close() { Glibc.close(descriptor) }

    func answerOnce(_ answer: String) {
        let connection = accept(descriptor, nil, nil)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(connection, $0.baseAddress, $0.count) }
        received.text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        _ = SystemCalls.write(answer, to: connection)
        Glibc.close(connection)
    }
}
