import Foundation

/// The files of a store that nobody has open, as they are now.
public struct StoreFiles: Sendable {
    public let folder: String
    /// By name, those that are not empty.
    private let contents: [(name: String, bytes: Data)]

    public init(of folder: String) throws {
        self.folder = folder
        contents = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            let path = folder + "/" + name
            let kind = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            guard kind == .typeRegular else { return nil }
            let bytes = try Data(contentsOf: URL(filePath: path))
            return bytes.isEmpty ? nil : (name, bytes)
        }
        guard !contents.isEmpty else { throw HarnessError("\(folder) holds no store") }
    }

    /// Flips one bit, any of all files' bits with the same chance.
    /// - Returns: where, in words.
    public func flipBit(using numbers: inout SeededNumbers) throws -> String {
        var bit = Int.random(in: 0..<contents.reduce(0) { $0 + $1.bytes.count } * 8, using: &numbers)
        for (name, bytes) in contents {
            guard bit >= bytes.count * 8 else {
                var changed = bytes
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                try changed.write(to: URL(filePath: folder + "/" + name))
                return "bit \(bit) of \(name) flipped"
            }
            bit -= bytes.count * 8
        }
        throw HarnessError("no bit \(bit) in \(folder)")
    }

    /// Inverts a page of the database, any that holds something.
    /// - Returns: where, in words.
    public func spoilPage(using numbers: inout SeededNumbers) throws -> String {
        let page = 4_096
        guard let (name, bytes) = contents.first(where: { $0.name == "quorum.sqlite" }) else {
            throw HarnessError("\(folder) has no database")
        }
        let starts = stride(from: 0, to: bytes.count, by: page).filter { start in bytes[start...].prefix(page).contains { $0 != 0 } }
        guard let start = starts.randomElement(using: &numbers) else { throw HarnessError("\(folder)/\(name) holds zeros only") }
        var changed = bytes
        for at in start..<min(start + page, bytes.count) { changed[at] ^= 0xff }
        try changed.write(to: URL(filePath: folder + "/" + name))
        return "bytes \(start) to \(start + page) of \(name) inverted"
    }

    /// Makes a copy.
    public func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, bytes) in contents { try bytes.write(to: URL(filePath: folder + "/" + name)) }
    }
}
