package import NIOCore

/// Where somebody called from, in words for people: `192.0.2.7:41738`, `[2001:db8::1]:41738`.
package enum RemotePlace {
  package static func text(_ remote: SocketAddress?) -> String {
    guard let remote, let address = remote.ipAddress else { return "an unknown address" }
    return remote.port.map { address.contains(":") ? "[\(address)]:\($0)" : "\(address):\($0)" } ?? address
  }
}
