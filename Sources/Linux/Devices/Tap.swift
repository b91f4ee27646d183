import CLinux
import Glibc
package import SystemPackage

/// TAP and TUN devices, by /dev/net/tun (Documentation/networking/tuntap.rst of the kernel).
package enum Tap {
  package enum Kind: Hashable, Sendable {
    /// Ethernet frames, each after a header that describes offloads (`struct virtio_net_hdr`), as hypervisors speak it.
    case tapForVirtualMachine
    /// IP packets as they are.
    case tun
  }

  /// Makes a tap that outlives this process; one of the same name that is there already is left as it is, even in use.
  ///
  /// It has no carrier until a hypervisor opens it. To delete it: `NetlinkRequest.deleteLink`.
  package static func makePersistent(_ name: String) throws(NetlinkError) {
    let file: FileDescriptor
    do throws(NetlinkError) {
      file = try open(name, .tapForVirtualMachine)
    } catch  where error.code == EBUSY {
      return
    }
    defer { try? file.close() }
    guard clinux_tun_set_persistent(file.rawValue, 1) == 0 else { throw .last("keep the tap \(name)") }
  }

  /// Opens the device `name`, and makes it where there is none; then it is gone when the file is closed.
  package static func open(_ name: String, _ kind: Kind) throws(NetlinkError) -> FileDescriptor {
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(FilePath("/dev/net/tun"), .readWrite, options: .closeOnExec)
    } catch {
      let code = (error as? Errno)?.rawValue ?? EIO
      throw NetlinkError(code: code, operation: "open /dev/net/tun for \(name)")
    }
    let flags =
      switch kind {
      case .tapForVirtualMachine: IFF_TAP | IFF_NO_PI | IFF_VNET_HDR
      case .tun: IFF_TUN | IFF_NO_PI
      }
    // The name is copied during the call.
    guard unsafe clinux_tun_attach(file.rawValue, name, Int16(flags)) == 0 else {
      let error = NetlinkError.last("make the device \(name)")
      try? file.close()
      throw error
    }
    return file
  }
}
