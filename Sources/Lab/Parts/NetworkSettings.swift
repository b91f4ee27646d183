import Glibc
import Linux

/// The kernel's settings of a part's network namespace, before it has any interface.
enum NetworkSettings {
  static func apply(forwarding: Bool) throws(LabError) {
    do throws(SysctlError) {
      // Routes are not the same both ways: from outside by a site's first host, back by the guest's own.
      for scope in ["all", "default"] { try Sysctl.set(["net", "ipv4", "conf", scope, "rp_filter"], "0") }
      for scope in ["all", "default"] { try? Sysctl.set(["net", "ipv6", "conf", scope, "disable_ipv6"], "0") }
      // The underlay is IPv4; without this each interface sends router solicitations and more.
      try? Sysctl.set(["net", "ipv6", "conf", "default", "disable_ipv6"], "1")
      if forwarding { try Sysctl.setForwarding() }
    } catch {
      throw LabError("\(error)")
    }
    // Bridged frames of guests are nobody's to filter, track or defragment (absent where the module isn't loaded).
    for filter in ["iptables", "ip6tables", "arptables"] {
      try? Sysctl.set(["net", "bridge", "bridge-nf-call-\(filter)"], "0")
    }
  }
}
