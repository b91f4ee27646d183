/// A guest that starts fast and can move: a kernel given directly, virtio network, one serial console, nothing else.
package struct DomainDescription: Hashable, Sendable {
  package enum Acceleration: String, Sendable {
    /// Emulated by QEMU alone.
    case qemu
    case kvm
  }

  /// An interface on a tap that somebody else makes and keeps.
  package struct Interface: Hashable, Sendable {
    /// Six hexadecimal bytes with colons.
    package var mac: String
    /// The tap's name; must be there before the domain starts.
    package var target: String
    /// Told to the guest by virtio, so that it needs no setting of its own; nil: 1500.
    package var mtu: Int?

    package init(mac: String, target: String, mtu: Int? = nil) {
      self.mac = mac
      self.target = target
      self.mtu = mtu
    }
  }

  package var name: String
  /// Nil: libvirt draws one.
  package var uuid: String?
  package var acceleration: Acceleration
  /// With its version: an alias such as `pc` can mean another machine at the destination.
  package var machine = "pc-i440fx-7.2"
  /// A named model that every host can give; the host's own would tie the guest to hosts like it.
  package var cpuModel = "qemu64"
  package var memoryMiB: Int
  package var vcpus = 1
  /// Paths of kernel and initial file system; must be the same at every host.
  package var kernel: String
  package var initrd: String?
  package var commandLine = ""
  package var interfaces: [Interface] = []
  /// A file that the guest's serial console is appended to.
  package var consoleFile: String?

  package init(
    name: String, acceleration: Acceleration, memoryMiB: Int, kernel: String, initrd: String? = nil,
    commandLine: String = ""
  ) {
    self.name = name
    self.acceleration = acceleration
    self.memoryMiB = memoryMiB
    self.kernel = kernel
    self.initrd = initrd
    self.commandLine = commandLine
  }
}
