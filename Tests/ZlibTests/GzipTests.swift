import Foundation
import Testing
import Zlib

@Suite struct GzipTests {
    @Test func blocksJoinedInAnyOrderDecompressToTheirTextsInThatOrder() throws {
        var deflater = try Deflater()
        let texts = [metricText(member: 1), metricText(member: 2), [], noise(count: 100_000), [7]]
        var blocks: [DeflatedBlock] = []
        for text in texts { blocks.append(try deflater.deflate(text)) }
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [1, 1, 1], [], [2], [3, 0, 3]] {
            let body = try gzip(joining: order.map { blocks[$0] })
            #expect(try gunzip(body, maximumCount: 1 << 20) == order.flatMap { texts[$0] })
        }
    }

    @Test func aBlockDependsOnlyOnItsText() throws {
        var deflater = try Deflater()
        let text = metricText(member: 9)
        _ = try deflater.deflate(metricText(member: 8))
        #expect(try deflater.deflate(text) == deflate(text))
        #expect(try gzip(text) == gzip(text))
    }

    @Test func aScrapesTextShrinksMoreThanFivefold() throws {
        let text = (0..<200).flatMap { metricText(member: $0) }
        #expect(try gzip(text).count * 5 < text.count)
    }

    @Test func anotherImplementationReadsTheJoinedBody() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gzip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let file = folder.appending(path: "body.gz")
        let texts = (0..<50).map { metricText(member: $0) }
        try Data(gzip(joining: texts.map { try deflate($0) })).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let read = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(Array(read) == texts.flatMap { $0 })
    }

    @Test func everyTruncationIsRefused() throws {
        let body = try gzip(metricText(member: 3))
        for count in body.indices {
            #expect(throws: ZlibError.self) { try gunzip(Array(body[..<count]), maximumCount: 1 << 20) }
        }
    }

    @Test func aFlippedBitOfTheBodyIsRefusedOrDoesNotChangeTheText() throws {
        let text = metricText(member: 3)
        var body = try gzip(text)
        for bit in 0..<(body.count * 8) {
            body[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                #expect(try gunzip(body, maximumCount: 1 << 20) == text)
            } catch {
                // Refused, as it may be; only a ZlibError can be thrown.
            }
            body[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test func bytesAfterTheMemberAndTextsOverTheLimitAreNamed() throws {
        let body = try gzip([1, 2, 3])
        #expect(throws: ZlibError.trailingBytes(count: 2)) { try gunzip(body + [0, 0], maximumCount: 10) }
        #expect(throws: ZlibError.tooLarge(count: 3, limit: 2)) { try gunzip(body, maximumCount: 2) }
        #expect(throws: ZlibError.notGzip) { try gunzip([1, 2, 3], maximumCount: 2) }
        let over = [UInt8](repeating: 0, count: Deflater.maximumBlockCount + 1)
        #expect(throws: ZlibError.tooLarge(count: over.count, limit: Deflater.maximumBlockCount)) { try deflate(over) }
    }

    private func metricText(member: Int) -> [UInt8] {
        let states = ["up", "suspect", "degraded", "down", "maintenance", "unknown"]
        return states.flatMap { Array("quorum_member_state{member=\"node-\(member)\",state=\"\($0)\"} 0\n".utf8) }
    }

    private func noise(count: Int) -> [UInt8] {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
    }
}
