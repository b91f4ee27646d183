package import Model
package import SystemPackage

/// Settings of the kernel below /proc/sys; those of the network are of the network namespace of whoever opens them.
package enum Sysctl {
  /// Writes `value` to the setting named by `path`, as in `["net", "ipv4", "ip_forward"]`.
  package static func set(_ path: [String], _ value: String) throws(SysctlError) {
    do {
      let file = try FileDescriptor.open(location(path), .writeOnly)
      try file.closeAfter { _ = try file.writeAll(Array(value.utf8)) }
    } catch {
      throw SysctlError(path: location(path), code: error as? Errno ?? .ioError)
    }
  }

  /// Without the end of the line.
  package static func get(_ path: [String]) throws(SysctlError) -> String {
    do {
      let file = try FileDescriptor.open(location(path), .readOnly)
      return try file.closeAfter {
        let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
          // The kernel writes no more than the buffer holds.
          count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes.prefix { $0 != 0x0a }, as: UTF8.self)
      }
    } catch {
      throw SysctlError(path: location(path), code: error as? Errno ?? .ioError)
    }
  }

  private static func location(_ path: [String]) -> FilePath {
    var location = FilePath("/proc/sys")
    for component in path { location.components.append(FilePath.Component(component) ?? ".") }
    return location
  }

  /// Whether IPv6 is off on an interface.
  package static func isIPv6Disabled(_ interface: String) throws(SysctlError) -> Bool {
    do throws(SysctlError) {
      return try get(["net", "ipv6", "conf", interface, "disable_ipv6"]) != "0"
    } catch  where error.code == .noSuchFileOrDirectory {
      // A kernel without IPv6.
      return true
    }
  }

  /// Turns IPv6 on an interface off; or on, without addresses that nobody gave it (link-local ones, routers' prefixes).
  package static func setIPv6(_ interface: String, isOn: Bool) throws(SysctlError) {
    let settings = ["net", "ipv6", "conf", interface]
    if isOn {
      try set(settings + ["addr_gen_mode"], "1")
      try set(settings + ["accept_ra"], "0")
    }
    if try isIPv6Disabled(interface) == isOn { try set(settings + ["disable_ipv6"], isOn ? "0" : "1") }
  }

  /// Makes the host forward packets of a family between its interfaces.
  package static func setForwarding(_ family: IPAddress.Family = .v4) throws(SysctlError) {
    let path = family == .v4 ? ["net", "ipv4", "ip_forward"] : ["net", "ipv6", "conf", "all", "forwarding"]
    if try get(path) == "0" { try set(path, "1") }
  }
}

/// A setting that could not be read or written.
package struct SysctlError: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: FilePath
  package var code: Errno

  package var description: String { "\(path): \(code)" }
}
