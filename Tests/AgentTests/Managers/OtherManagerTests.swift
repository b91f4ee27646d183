import Agent
import Libvirt
import Testing

struct OtherManagerTests {
  private func manager(_ content: String, _ declarations: String = "") throws -> OtherManager? {
    OtherManager(of: try XMLElement(parsing: "<domain type='kvm'\(declarations)><name>vm1</name>\(content)</domain>"))
  }

  private static let nova = """
    <nova:package version="25.1.0"/><nova:name>web</nova:name>
    <nova:flavor name="m1.small"><nova:memory>2048</nova:memory><nova:vcpus>1</nova:vcpus></nova:flavor>
    """

  @Test(arguments: ["1.0", "1.1"]) func nova(_ version: String) throws {
    let namespace = "http://openstack.org/xmlns/libvirt/nova/\(version)"
    let instance = "<nova:instance xmlns:nova='\(namespace)'>\(Self.nova)</nova:instance>"
    #expect(try manager("<metadata>\(instance)</metadata>") == .nova)
  }

  /// As `get_guest_config_sysinfo` has it: Nova before 2014.2 writes no metadata.
  @Test(arguments: ["OpenStack Nova", "OpenStack Compute"]) func novaBySMBIOS(_ product: String) throws {
    let sysinfo = """
      <sysinfo type='fwcfg'><entry name='opt/x'>OpenStack Nova</entry></sysinfo>
      <sysinfo type='smbios'><system>
        <entry name='manufacturer'>OpenStack Foundation</entry><entry name='product'>\(product)</entry>
        <entry name='version'>13.1.4</entry><entry name='family'>Virtual Machine</entry>
      </system></sysinfo>
      """
    #expect(try manager(sysinfo) == .nova)
  }

  /// vdsm declares its namespaces at the domain or at the metadata, and again where it writes.
  @Test func oVirt() throws {
    let declarations = " xmlns:ovirt-tune='http://ovirt.org/vm/tune/1.0' xmlns:ovirt-vm='http://ovirt.org/vm/1.0'"
    let vm = "<ovirt-vm:vm><ovirt-vm:clusterVersion>4.3</ovirt-vm:clusterVersion></ovirt-vm:vm>"
    #expect(try manager("<metadata>\(vm)</metadata>", declarations) == .oVirt)
    #expect(try manager("<metadata\(declarations)><ovirt-tune:qos/>\(vm)</metadata>") == .oVirt)
    #expect(try manager("<metadata\(declarations)><ovirt-tune:qos/></metadata>") == .oVirt)
    // A declaration alone says nothing.
    #expect(try manager("<metadata/>", declarations) == nil)
  }

  @Test func kubeVirt() throws {
    let metadata = "<kubevirt xmlns='http://kubevirt.io'><uid>f4686d2c-6e8d-4335-b8fd-81bee22f4814</uid></kubevirt>"
    #expect(try manager("<metadata>\(metadata)</metadata>") == .kubeVirt)
    let system = "<entry name='manufacturer'>KubeVirt</entry><entry name='product'>None</entry>"
    #expect(try manager("<sysinfo type='smbios'><system>\(system)</system></sysinfo>") == .kubeVirt)
  }

  @Test func openNebula() throws {
    let vm = """
      <one:vm xmlns:one='http://opennebula.org/xmlns/libvirt/1.0'>
        <one:system_datastore>/var/lib/one//datastores/0/41</one:system_datastore><one:name>web</one:name>
      </one:vm>
      """
    #expect(try manager("<metadata>\(vm)</metadata>") == .openNebula)
  }

  /// Who only describes VMs, or has made them, doesn't move them.
  @Test func nobodyElse() throws {
    let libosinfo = """
      <metadata><libosinfo:libosinfo xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/domain/1.0'>
        <libosinfo:os id='http://debian.org/debian/12'/></libosinfo:libosinfo>
        <own>http://openstack.org/xmlns/libvirt/nova/1.1</own><nova:instance/></metadata>
      """
    #expect(try manager(libosinfo) == nil)
    #expect(try manager("") == nil)
    let system = "<entry name='manufacturer'>QEMU</entry><entry name='product'>Standard PC</entry>"
    #expect(try manager("<sysinfo type='smbios'><system>\(system)</system></sysinfo>") == nil)
  }

  @Test func pacemaker() {
    let files = [
      "VirtualDomain-vm1-emu.state", "VirtualDomain-a-emu.state-emu.state", "VirtualDomain--emu.state",
      "VirtualDomain-vm2.pid", "Filesystem-vm3-emu.state", "monitor-vip", "VirtualDomain-emu.state",
    ]
    #expect(OtherManager.domains(ofPacemaker: files) == ["vm1", "a-emu.state"])
  }

  @Test func proxmoxHA() {
    let resources = """
      vm: 100
      \tgroup prefer_a
      \tstate started

      ct: 101
      \tstate started

      vm: 102
      \tcomment vm: 105
      \tstate ignored

      vm: 103
      """
    #expect(OtherManager.numbers(ofProxmoxHA: resources) == ["100", "103"])
    #expect(OtherManager.numbers(ofProxmoxHA: "").isEmpty)
  }
}
