import Glibc
import Linux
import Model
import SystemPackage
import Testing

/// A VM's end of a tap: sends and receives frames as a hypervisor does.
final class TapEnd {
  private let file: FileDescriptor

  /// Returns once the kernel forwards what comes in, which it does some time after the tap was opened.
  init(_ name: String) throws {
    file = try Tap.open(name, .tapForVirtualMachine)
    let client = try NetlinkClient()
    for _ in 0..<1000 where try client.link(name)?.port?.state != .forwarding { poll(nil, 0, 10) }
    #expect(try client.link(name)?.port?.state == .forwarding)
  }

  deinit {
    try? file.close()
  }

  func send(_ frame: [UInt8]) throws {
    // A virtio-net header that asks for nothing.
    _ = try file.writeAll([UInt8](repeating: 0, count: 10) + frame)
  }

  /// The next frame of that type (EtherType); nil where none comes within `patience`.
  func receive(type: UInt16, patience: Int32 = 10_000) throws -> [UInt8]? {
    var entry = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, patience) > 0 {
      var buffer = [UInt8](repeating: 0, count: 2048)
      let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
      let frame = Array(buffer[..<count].dropFirst(10))
      if frame.count >= 14, UInt16(frame[12]) << 8 | UInt16(frame[13]) == type { return frame }
    }
    return nil
  }

  /// Who has `target`? (RFC 826)
  static func request(from mac: MACAddress, _ address: IPAddress, target: IPAddress) -> [UInt8] {
    [UInt8](repeating: 0xff, count: 6) + mac.octets + [0x08, 0x06]
      + [0, 1, 8, 0, 6, 4, 0, 1] + mac.octets + address.octets + [UInt8](repeating: 0, count: 6) + target.octets
  }

  /// A frame of a type for experiments, IEEE 802 local.
  static func frame(from mac: MACAddress, to other: MACAddress, _ text: String) -> [UInt8] {
    other.octets + mac.octets + [0x88, 0xb5] + Array(text.utf8)
  }
}
