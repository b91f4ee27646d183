import Libvirt
import Testing

struct DomainDescriptionTests {
  @Test func textOfALabGuest() {
    var guest = DomainDescription(
      name: "vm1", acceleration: .qemu, memoryMiB: 96, kernel: "/lab/vmlinuz", initrd: "/lab/initrd",
      commandLine: "console=ttyS0 quiet")
    guest.uuid = "6f0f38a3-6a3a-4f3c-8f7e-0f6f6f6f6f01"
    guest.interfaces = [.init(mac: "52:54:00:00:01:01", target: "th525400000101", mtu: 1450)]
    guest.consoleFile = "/lab/vm1.log"
    #expect(
      guest.xml == """
        <domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          <name>vm1</name>
          <uuid>6f0f38a3-6a3a-4f3c-8f7e-0f6f6f6f6f01</uuid>
          <memory unit='MiB'>96</memory>
          <vcpu>1</vcpu>
          <os>
            <type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type>
            <kernel>/lab/vmlinuz</kernel>
            <initrd>/lab/initrd</initrd>
            <cmdline>console=ttyS0 quiet</cmdline>
          </os>
          <features><acpi/></features>
          <cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>
          <clock offset='utc'/>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>destroy</on_crash>
          <devices>
            <controller type='usb' model='none'/>
            <interface type='ethernet'>
              <mac address='52:54:00:00:01:01'/>
              <target dev='th525400000101' managed='no'/>
              <model type='virtio'/>
              <mtu size='1450'/>
              <rom enabled='no'/>
            </interface>
            <serial type='file'>
              <source path='/lab/vm1.log' append='on'/>
              <target port='0'/>
            </serial>
            <memballoon model='none'/>
          </devices>
          <qemu:commandline>
            <qemu:arg value='-object'/>
            <qemu:arg value='memory-backend-ram,id=uneven.ram,size=98312k'/>
            <qemu:arg value='-machine'/>
            <qemu:arg value='memory-backend=uneven.ram'/>
            <qemu:arg value='-m'/>
            <qemu:arg value='98312k'/>
          </qemu:commandline>
        </domain>

        """)
  }

  @Test(arguments: [
    "</name><name>x", "a & b && c", "'quoted' \"twice\"", "<!-- no comment -->", "]]>", "&amp;",
    "line\nend\ttab\rreturn",
    "déjà 🐑",
  ])
  func markupInTextStaysText(_ text: String) throws {
    var guest = DomainDescription(name: text, acceleration: .kvm, memoryMiB: 1, kernel: text, commandLine: text)
    guest.consoleFile = text
    guest.interfaces = [.init(mac: text, target: text)]
    let element = try XMLElement(parsing: guest.xml)
    #expect(element.first("name")?.text == text)
    #expect(element.first("os", "kernel")?.text == text)
    #expect(element.first("os", "cmdline")?.text == text)
    #expect(element.first("devices", "serial", "source")?.attributes["path"] == text)
    #expect(element.first("devices", "interface", "mac")?.attributes["address"] == text)
    #expect(element.first("devices")?.children.count == 4)
  }

  @Test func charactersThatXMLCannotHoldAreReplaced() throws {
    let guest = DomainDescription(name: "a\u{0}b\u{1B}c\u{FFFF}", acceleration: .qemu, memoryMiB: 1, kernel: "k")
    #expect(try XMLElement(parsing: guest.xml).first("name")?.text == "a\u{FFFD}b\u{FFFD}c\u{FFFD}")
  }
}
