import Agent
import Libvirt
import Model
import Moves
import Testing

struct StartPlanTests {
  private let blue = VirtualNetwork(
    name: "blue", number: 1, subnet: subnet("192.168.77.0", 24), gateway: IPAddress("192.168.77.254"))
  private let red = VirtualNetwork(name: "red", number: 2, subnet: subnet("10.8.0.0", 16))

  private static func subnet(_ address: String, _ length: Int) -> IPSubnet {
    guard let subnet = IPAddress(address).flatMap({ IPSubnet(address: $0, length: length) }) else {
      preconditionFailure("\(address)/\(length) is no subnet")
    }
    return subnet
  }

  private func template(
    name: String = "vm9", memory: String = "<memory unit='MiB'>96</memory>", interfaces: String
  ) -> String {
    """
    <?xml version='1.0'?>
    <!-- of an operator -->
    <domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
      <name>\(name)</name>\(memory)<vcpu placement='static'>2</vcpu>
      <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type><cmdline>a=&quot;1&quot; &lt;b&gt;</cmdline></os>
      <devices>\(interfaces)<memballoon model='none'/></devices>
      <qemu:commandline><qemu:arg value="-S&amp;'"/></qemu:commandline>
    </domain>
    """
  }

  private func plan(
    _ template: String, addresses: [String] = ["192.168.77.9"], others: [FabricEntry] = []
  ) throws -> StartPlan {
    try StartPlan(
      vm: "vm9", template: template, addresses: addresses.compactMap { IPAddress($0) }, networks: [blue, red],
      others: others)
  }

  @Test func interfacesAreOnTaps() throws {
    let plan = try plan(
      template(
        interfaces: """
          <interface type='network'><source network='default'/><mac address='52:54:00:AA:00:09'/>
          <model type='e1000'/><virtualport type='openvswitch'/><rom enabled='no'/></interface>
          """))
    #expect(plan.vcpus == 2)
    #expect(plan.memory == 96 << 20)
    let mac = MACAddress(0x5254_00aa_0009)
    #expect(
      plan.interfaces == [
        .init(network: "blue", mac: mac, addresses: [IPAddress(v4: 0xc0a8_4d09)])
      ])
    let domain = try XMLElement(parsing: plan.definition)
    let interface = try #require(domain.first("devices", "interface"))
    #expect(interface.attributes == ["type": "ethernet"])
    #expect(interface.first("target")?.attributes == ["dev": "th525400aa0009", "managed": "no"])
    #expect(interface.first("mtu")?.attributes == ["size": "1450"])
    #expect(interface.first("model")?.attributes == ["type": "e1000"])
    #expect(Set(interface.children.map(\.name)) == ["mac", "target", "mtu", "model", "rom"])
    // What isn't the network's stays as it was.
    #expect(domain.attributes["xmlns:qemu"] == "http://libvirt.org/schemas/domain/qemu/1.0")
    #expect(domain.first("os", "cmdline")?.text == "a=\"1\" <b>")
    #expect(domain.first("qemu:commandline", "qemu:arg")?.attributes["value"] == "-S&'")
    #expect(domain.first("devices", "memballoon") != nil)
  }

  /// 24 bits of FNV-1a of the name and the interface's number, computed in Python.
  @Test func addressIsMadeUp() throws {
    let two = template(interfaces: "<interface type='user'/><interface type='bridge'/>")
    let plan = try plan(two, addresses: ["10.8.1.1", "192.168.77.9", "10.8.1.2"])
    #expect(plan.interfaces.map(\.network) == ["red", "blue"])
    #expect(plan.interfaces.map(\.addresses.count) == [2, 1])
    #expect(plan.interfaces.map(\.mac) == [MACAddress(0x5254_00b3_4877), MACAddress(0x5254_00b3_46c4)])
    // One that another VM has by chance is passed over.
    let other = FabricEntry(
      vm: "vm1", interfaces: [.init(network: "blue", mac: MACAddress(0x5254_00b3_4877), addresses: [])], host: "a1")
    let beside = try self.plan(two, addresses: ["10.8.1.1", "192.168.77.9"], others: [other])
    #expect(beside.interfaces.first?.mac == MACAddress(0x5254_00b3_4878))
  }

  @Test(arguments: [
    ("<domain", "can't be read"), ("<network/>", "no <domain>"), ("", "can't be read"),
    ("<domain><name>vm9</name></domain>", "vCPUs"),
    ("<domain><name>vm9</name><vcpu>1</vcpu><memory unit='furlong'>1</memory></domain>", "memory"),
    ("<domain><name>vm9</name><vcpu>1</vcpu><memory unit='TiB'>99999999999999</memory></domain>", "memory"),
    ("<domain><name>vm9</name><vcpu>1</vcpu><memory>1</memory></domain>", "devices"),
    ("<domain><name>vm9</name><vcpu>1</vcpu><memory>1</memory><devices/></domain>", "0 interfaces"),
  ])
  func templateIsRefused(_ template: String, _ reason: String) {
    let error = #expect(throws: StartPlan.Problem.self) { try plan(template) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test func otherwiseRefused() {
    let one = template(interfaces: "<interface type='user'/>")
    #expect(throws: StartPlan.Problem.self) { try plan(template(name: "vm8", interfaces: "<interface/>")) }
    #expect(throws: StartPlan.Problem.self) { try plan(one, addresses: []) }
    #expect(throws: StartPlan.Problem.self) { try plan(one, addresses: ["172.16.0.1"]) }
    #expect(throws: StartPlan.Problem.self) { try plan(one, addresses: ["192.168.77.254"]) }
    #expect(throws: StartPlan.Problem.self) { try plan(one, addresses: ["192.168.77.9", "10.8.0.1"]) }
    let taken = FabricEntry(
      vm: "vm1",
      interfaces: [.init(network: "blue", mac: MACAddress(1), addresses: [IPAddress(v4: 0xc0a8_4d09)])], host: "a1")
    #expect(throws: StartPlan.Problem.self) { try plan(one, others: [taken]) }
  }
}
