extension NodeConfiguration.Cluster {
    /// The most voters of a first start.
    static let maximumInitialMembers = 7

    static func read(
        _ reader: inout SettingsReader, files: ConfigurationFiles, hostName: String
    ) -> NodeConfiguration.Cluster? {
        let name = reader.value(of: OptionTable.clusterName)
        let member = reader.value(of: OptionTable.clusterMember, orElse: hostName)
        let listen = reader.value(of: OptionTable.clusterListenAddress)
        let advertised = reader.value(of: OptionTable.clusterAdvertiseAddress)
        let listed = reader.values(of: OptionTable.clusterInitialMembers)
        let join = reader.values(of: OptionTable.clusterJoin)
        let tls = readTLS(&reader, files)
        let allowsPlaintext = reader.value(of: OptionTable.clusterAllowPlaintext)
        if let listed { checkList(listed, member, &reader) }
        guard let name, let member, let listen, let allowsPlaintext else { return nil }
        checkPlaintext(listen, isEncrypted: tls.isGiven, isAllowed: allowsPlaintext.value, &reader)
        let own = listed?.first { $0.value.name == member.value }
        if let own { checkReachable(own, listen, &reader) }
        if let join { checkJoin(join, listed, listen, advertised, &reader) }
        let address = advertised?.value ?? own?.value.address ?? derived(listen.value, hostName)
        return NodeConfiguration.Cluster(
            name: name.value, member: member.value, listenAddress: listen.value, advertiseAddress: address,
            initialMembers: listed?.map(\.value)
                ?? (join == nil ? [NodeConfiguration.InitialMember(name: member.value, address: address)] : []),
            joinAddresses: join?.map(\.value) ?? [],
            tls: tls.files, allowsPlaintext: allowsPlaintext.value)
    }

    private static func derived(_ listen: HostAndPort, _ hostName: String) -> HostAndPort {
        listen.isWildcard ? HostAndPort(host: hostName.lowercased(), port: listen.port) : listen
    }

    private static func checkList(
        _ listed: [Located<NodeConfiguration.InitialMember>], _ member: Located<String>?, _ reader: inout SettingsReader
    ) {
        for (index, entry) in listed.enumerated() {
            let earlier = listed[..<index].map(\.value)
            let text = "\(entry.value.name)=\(entry.value.address)"
            if earlier.contains(where: { $0.name == entry.value.name }) {
                reader.note(entry.place, text, "repeats a name", allowed: "a name once")
            }
            if earlier.contains(where: { $0.address == entry.value.address }) {
                reader.note(entry.place, text, "repeats an address", allowed: "an address once")
            }
        }
        guard let first = listed.first else { return }
        let names = listed.map(\.value.name)
        if names.count > maximumInitialMembers {
            reader.note(first.place, "\(names.count) members", "are too many", allowed: "1 to \(maximumInitialMembers)")
        }
        guard let member, !names.contains(member.value) else { return }
        reader.note(
            first.place, names.joined(separator: ", "), "do not include this member",
            allowed: "a list with \(OptionTable.clusterMember.description.key), which is \(MistakeText.quoted(member.value))")
    }

    /// The most addresses to join by.
    static let maximumJoinAddresses = 16

    private static func checkJoin(
        _ join: [Located<HostAndPort>], _ listed: [Located<NodeConfiguration.InitialMember>]?, _ listen: Located<HostAndPort>,
        _ advertised: Located<HostAndPort>?, _ reader: inout SettingsReader
    ) {
        guard let first = join.first else { return }
        let all = join.map(\.value.description).joined(separator: ", ")
        if listed != nil {
            reader.note(
                first.place, all, "is given beside \(OptionTable.clusterInitialMembers.description.key)",
                allowed: "one of them: the initial members found a cluster, a node that joins is none of them")
        }
        if join.count > maximumJoinAddresses {
            reader.note(first.place, "\(join.count) addresses", "are too many", allowed: "1 to \(maximumJoinAddresses)")
        }
        for (index, entry) in join.enumerated() where join[..<index].contains(where: { $0.value == entry.value }) {
            reader.note(entry.place, entry.value, "is listed twice", allowed: "an address once")
        }
        let own = advertised?.value ?? listen.value
        if let itself = join.first(where: { $0.value == own }) {
            reader.note(itself.place, itself.value, "is this node itself", allowed: "members of the cluster to join")
        }
        if own.isLoopback, let outside = join.first(where: { !$0.value.isLoopback }) {
            reader.note(
                listen.place, own, "is not where the members at \(outside.value) could dial this node",
                allowed: "an address that they reach, in --cluster.listen-address or --cluster.advertise-address")
        }
    }

    private static func checkPlaintext(
        _ listen: Located<HostAndPort>, isEncrypted: Bool, isAllowed: Bool, _ reader: inout SettingsReader
    ) {
        guard !listen.value.isLoopback, !isEncrypted, !isAllowed else { return }
        reader.note(
            listen.place, listen.value, "would be open to others without TLS",
            allowed: "a loopback address, TLS by --cluster.tls-certificate, --cluster.tls-key and --cluster.tls-authority, or "
                + OptionTable.clusterAllowPlaintext.description.flag)
    }

    /// Who lists this member elsewhere and lets it listen on the default, which is loopback, would wait for ever.
    private static func checkReachable(
        _ own: Located<NodeConfiguration.InitialMember>, _ listen: Located<HostAndPort>, _ reader: inout SettingsReader
    ) {
        guard !reader.isGiven(OptionTable.clusterListenAddress), own.value.address != listen.value else { return }
        reader.note(
            listen.place, listen.value, "is not where the initial members dial this one, \(own.value.address)",
            allowed: "the address to listen on, such as :\(own.value.address.port)")
    }

    /// The files when all three are given, and whether any is.
    private static func readTLS(
        _ reader: inout SettingsReader, _ files: ConfigurationFiles
    ) -> (files: NodeConfiguration.TLSFiles?, isGiven: Bool) {
        let options = [OptionTable.clusterTLSCertificate, OptionTable.clusterTLSKey, OptionTable.clusterTLSAuthority]
        let missing = options.filter { !reader.isGiven($0) }.map(\.description.flag)
        guard missing.count < options.count else { return (nil, false) }
        var paths: [String] = []
        for option in options {
            guard let path = reader.value(of: option) else { continue }
            paths.append(path.value)
            checkReadable(path, files, &reader)
            if !missing.isEmpty, paths.count == 1 {
                reader.note(
                    path.place, path.value, "is not enough for TLS", allowed: "all three, also \(missing.joined(separator: " and "))")
            }
        }
        guard paths.count == options.count else { return (nil, true) }
        return (NodeConfiguration.TLSFiles(certificatePath: paths[0], keyPath: paths[1], authorityPath: paths[2]), true)
    }

    private static func checkReadable(_ path: Located<String>, _ files: ConfigurationFiles, _ reader: inout SettingsReader) {
        do {
            guard try files.read(path.value).isEmpty else { return }
            reader.note(path.place, path.value, "is empty", allowed: "a PEM file")
        } catch {
            reader.note(path.place, path.value, error.text, allowed: "a readable PEM file")
        }
    }
}
