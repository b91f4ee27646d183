import CGuest

/// An IPv4 or IPv6 address with a port. There is no name service in a guest: addresses only.
struct SocketAddress: Hashable {
  private let storage: [UInt8]

  init?(_ text: String, port: UInt16) {
    var v4 = sockaddr_in()
    var v6 = sockaddr_in6()
    if unsafe inet_pton(AF_INET, text, &v4.sin_addr) == 1 {
      v4.sin_family = sa_family_t(AF_INET)
      v4.sin_port = port.bigEndian
      storage = unsafe withUnsafeBytes(of: v4) { unsafe Array($0) }
    } else if unsafe inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 {
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = port.bigEndian
      storage = unsafe withUnsafeBytes(of: v6) { unsafe Array($0) }
    } else {
      return nil
    }
  }

  /// As the kernel tells it.
  init(_ address: sockaddr_storage, length: socklen_t) {
    storage = unsafe withUnsafeBytes(of: address) { unsafe Array($0.prefix(Int(length))) }
  }

  var family: Int32 { storage.count == MemoryLayout<sockaddr_in>.size ? AF_INET : AF_INET6 }

  /// Calls with what the socket calls take; the pointer is good during the call.
  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    unsafe storage.withUnsafeBytes { bytes in
      // The bytes are a whole sockaddr_in or sockaddr_in6, which begins as sockaddr does; an array is never empty here.
      guard let base = bytes.baseAddress else { preconditionFailure("an address without bytes") }
      return unsafe body(base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
  }

  /// The address without the port; of an IPv4 peer at an IPv6 socket (RFC 4291 §2.5.5.2) the IPv4 one.
  var text: String {
    var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let offset = family == AF_INET ? 4 : 8
    unsafe storage.withUnsafeBytes { bytes in
      _ = unsafe inet_ntop(family, bytes.baseAddress?.advanced(by: offset), &characters, socklen_t(INET6_ADDRSTRLEN))
    }
    let text = String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
  }
}
