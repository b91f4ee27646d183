import Libvirt
import Model
import Moves

extension DomainDescription {
  /// The domain of a guest: its hypervisor's view, and on the kernel's command line what it finds out about itself.
  init(
    _ guest: LabDescription.Guest, of lab: LabDescription, acceleration: Acceleration, kernel: String, folder: LabFolder
  ) {
    self.init(
      name: guest.name, acceleration: acceleration, memoryMiB: guest.memoryMiB, kernel: kernel,
      initrd: folder.initramfs, commandLine: Self.commandLine(guest, of: lab))
    vcpus = guest.vcpus
    interfaces = guest.interfaces.map {
      Interface(mac: $0.mac.description, target: FabricNames.tap($0.mac), mtu: Int(FabricNames.mtu))
    }
    consoleFile = folder.console(of: guest.name)
  }

  /// For its kernel, and for its init.
  static func commandLine(_ guest: LabDescription.Guest, of lab: LabDescription) -> String {
    let words = GuestCommandLine(guest, in: lab, mtu: Int(FabricNames.mtu)).words
    // The kernel's check that a timer's interrupts come fails on a busy host, and panics.
    let own = ["console=ttyS0", "quiet", "no_timer_check", "mitigations=off", "tsc=reliable"]
    return (own + words).joined(separator: " ")
  }
}
