import ExporterConfiguration
import Testing

@testable import OperatorCommands

@Suite struct DemoPlanTests {
    @Test func `the three have the ports of the bundled prometheus.yml`() {
        let plan = DemoPlan()
        #expect(plan.members.map(\.name) == ["a", "b", "c"])
        #expect(plan.members.map(\.webPort) == [10_310, 10_320, 10_330])
        #expect(plan.members.map(\.clusterPort) == [10_311, 10_321, 10_331])
        #expect(plan.members[1].url == "http://127.0.0.1:10320/")
        #expect(DemoPlan(basePort: 65_514).members[2].clusterPort == 65_535)
    }

    @Test func `the flags of each member are ones that serve takes`() throws {
        let plan = DemoPlan(basePort: 20_000)
        let folder = "/tmp/quorum-demo-plan-\(UInt64.random(in: 0...(.max)))"
        for member in plan.members {
            let flags = plan.flags(for: member, dataFolder: folder)
            let configuration = try NodeConfiguration.load(arguments: flags, environment: [:])
            #expect(configuration.cluster.member == member.name)
            #expect(configuration.cluster.advertiseAddress.description == "127.0.0.1:\(member.clusterPort)")
            #expect(configuration.cluster.initialMembers.map(\.name) == ["a", "b", "c"])
            #expect(configuration.web.externalURL == "http://127.0.0.1:\(member.webPort)")
            #expect(configuration.storagePath == folder)
        }
    }

    @Test(arguments: [
        ([], ["serve"]), (["--cluster.name", "demo"], ["serve", "--cluster.name", "demo"]), (["demo"], ["demo"]),
        (["--help"], ["--help"]), (["--version"], ["--version"]), (["-x"], ["serve", "-x"]), (["help", "serve"], ["help", "serve"]),
    ])
    func `without a command it serves`(arguments: [String], routed: [String]) {
        #expect(CommandRouting.withCommand(arguments) == routed)
    }
}
