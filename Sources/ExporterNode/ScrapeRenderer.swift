import Exposition
import MetricCatalog
import NodeReplica
import RaftCore
import Zlib

/// Renders scrapes. What depends on nothing but the applied log is rendered and compressed once for each state, so that ten scrapes of
/// one state cost one rendering; being an actor, it also renders only one at a time.
actor ScrapeRenderer {
    private struct CommittedKey: Equatable {
        var format: TextFormat
        var term: Term
        var index: LogIndex
    }

    private struct Committed {
        var key: CommittedKey
        var block: ExpositionBlock
        var deflated: DeflatedBlock?
    }

    /// The newest state's rendering, at most one a format.
    private var cache: [Committed] = []

    /// A whole scrape's body: the node's own families, if given, then the proven view's.
    ///
    /// - Throws: `ZlibError` when the system's zlib fails.
    func body(node: NodeFacts?, view: ViewFacts?, format: TextFormat, coding: ContentCoding) throws -> [UInt8] {
        var own = format.block(of: node.map(Catalog.nodeFamilies) ?? []).bytes
        guard let view else { return try encode(own + format.terminator, coding) }
        own += format.block(of: Catalog.trackedFamilies(view)).bytes
        switch coding {
        case .identity: return own + committed(view, format).block.bytes + format.terminator
        case .gzip:
            return try gzip(joining: [try deflate(own), try committedDeflated(view, format), try deflate(format.terminator)])
        }
    }

    private func encode(_ whole: [UInt8], _ coding: ContentCoding) throws(ZlibError) -> [UInt8] {
        coding == .gzip ? try gzip(whole) : whole
    }

    private func committed(_ view: ViewFacts, _ format: TextFormat) -> Committed {
        let key = CommittedKey(format: format, term: view.term, index: view.index)
        if let known = cache.first(where: { $0.key == key }) { return known }
        let rendered = Committed(key: key, block: format.block(of: Catalog.committedFamilies(view)))
        keep(rendered)
        return rendered
    }

    private func committedDeflated(_ view: ViewFacts, _ format: TextFormat) throws(ZlibError) -> DeflatedBlock {
        var entry = committed(view, format)
        if let known = entry.deflated { return known }
        let deflated = try deflate(entry.block.bytes)
        entry.deflated = deflated
        keep(entry)
        return deflated
    }

    private func keep(_ entry: Committed) {
        cache.removeAll { $0.key.format == entry.key.format }
        cache.append(entry)
    }
}
