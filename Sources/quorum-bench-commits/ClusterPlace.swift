import ClusterTransport
import RaftCore
import WireFormat

/// One of three nodes on loopback: who it is, who the others are, where it keeps its log.
struct ClusterPlace: Sendable {
    static let clusterName = "commit-bench"

    let position: Int
    let ports: [UInt16]
    let folder: String

    var membership: Membership {
        Membership(
            clusterID: ClusterID(high: 1, low: 2),
            members: ports.indices.map {
                Membership.Member(
                    id: NodeID(UInt64($0 + 1)), name: "n\($0 + 1)", role: .voter, address: "127.0.0.1:\(ports[$0])", webURL: "")
            })
    }

    var own: Membership.Member { membership.members[position] }

    var peers: [PeerEndpoint] {
        membership.members.filter { $0.id != own.id }.map { PeerEndpoint(id: $0.id, name: $0.name, address: $0.address) }
    }

    var incarnations: [String: NodeID] { Dictionary(uniqueKeysWithValues: membership.members.map { ($0.name, $0.id) }) }

    var hello: Hello {
        Hello(
            protocolVersion: TransportConfiguration.supportedProtocolVersions.upperBound, clusterName: ClusterPlace.clusterName,
            clusterID: membership.clusterID, memberName: own.name, incarnation: own.id, boot: BootID(own.id.rawValue),
            programVersion: "bench", listenAddress: own.address, webURL: "", kind: .node, bootstrapped: true)
    }

    /// As the arguments of a node's process.
    var arguments: [String] { ["node", "\(position)", ports.map { "\($0)" }.joined(separator: ","), folder] }

    init(position: Int, ports: [UInt16], folder: String) {
        self.position = position
        self.ports = ports
        self.folder = folder
    }

    /// Nil for arguments that name no node.
    init?(_ arguments: [String]) {
        guard arguments.count == 4, arguments[0] == "node", let position = Int(arguments[1]) else { return nil }
        let ports = arguments[2].split(separator: ",").compactMap { UInt16($0) }
        guard ports.indices.contains(position) else { return nil }
        self.init(position: position, ports: ports, folder: arguments[3])
    }
}
