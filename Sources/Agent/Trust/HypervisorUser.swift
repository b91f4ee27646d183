/// Who runs QEMU, and so has to be able to read its key.
package enum HypervisorUser {
  /// Debian's and Fedora's, where libvirt's settings name nobody.
  private static let usual = ["libvirt-qemu", "qemu"]

  /// - Parameters:
  ///   - settings: `qemu.conf`; `user` is a name, or a number after a `+` (or alone, where nobody has that name).
  ///   - users: `/etc/passwd`.
  /// - Returns: the number of the user; nil: not known.
  package static func number(settings: String, users: String) -> UInt32? {
    var numbers: [Substring: UInt32] = [:]
    for line in users.split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count > 2, let number = UInt32(fields[2]) { numbers[fields[0]] = numbers[fields[0]] ?? number }
    }
    guard let named = settings.matches(of: /(?m)^[ \t]*user[ \t]*=[ \t]*"([^"\n]*)"/).last?.output.1 else {
      return usual.lazy.compactMap { numbers[Substring($0)] }.first
    }
    if named.hasPrefix("+") { return UInt32(named.dropFirst()) }
    return numbers[named] ?? UInt32(named)
  }
}
