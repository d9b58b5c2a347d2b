extension NodeConfiguration.Web {
    /// - Parameter advertised: where this member is dialled; nil when that is mistaken.
    static func read(_ reader: inout SettingsReader, advertised: HostAndPort?, hostName: String) -> NodeConfiguration.Web? {
        let addresses = reader.values(of: OptionTable.webListenAddress)
        let external = reader.value(of: OptionTable.webExternalURL)
        let path = reader.value(of: OptionTable.webTelemetryPath)
        let maximum = reader.value(of: OptionTable.webMaxRequests)
        guard let addresses, let first = addresses.first, let path, let maximum else { return nil }
        checkDifferent(addresses, &reader)
        return NodeConfiguration.Web(
            listenAddresses: addresses.map(\.value),
            externalURL: external?.value ?? derivedURL(first.value, advertised: advertised, hostName: hostName),
            isExternalURLDerived: external == nil, telemetryPath: path.value, maximumRequests: maximum.value)
    }

    private static func checkDifferent(_ addresses: [Located<HostAndPort>], _ reader: inout SettingsReader) {
        for (index, address) in addresses.enumerated() where address.value.port != 0 {
            guard addresses[..<index].contains(where: { $0.value == address.value }) else { continue }
            reader.note(address.place, address.value, "is listed twice", allowed: "different addresses")
        }
    }

    /// The host that others know: the one listened on, else the one advertised to the members, else the host's own name.
    private static func derivedURL(_ listen: HostAndPort, advertised: HostAndPort?, hostName: String) -> String {
        var host = listen.host
        if listen.isWildcard {
            let isKnownOutside = advertised.map { !$0.isLoopback && !$0.isWildcard } ?? false
            host = isKnownOutside ? advertised?.host ?? hostName : hostName
        }
        return "http://\(HostAndPort(host: host, port: listen.port))"
    }
}
