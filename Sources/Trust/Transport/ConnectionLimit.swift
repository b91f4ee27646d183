package import Model
internal import NIOCore
internal import Synchronization

/// How many connections may be open at once, where nobody shows a certificate by which they could be told apart.
package struct ConnectionLimit: Hashable, Sendable {
  package var inAll: Int
  /// Of one address, or with IPv6 of one /64.
  package var ofAddress: Int

  package init(inAll: Int, ofAddress: Int) { (self.inAll, self.ofAddress) = (inAll, ofAddress) }
}

/// Those that are open.
final class OpenConnections: Sendable {
  private let limit: ConnectionLimit
  private let counts = Mutex<(all: Int, addresses: [String: Int])>((0, [:]))

  init(_ limit: ConnectionLimit) { self.limit = limit }

  /// Counts a connection until it is closed.
  ///
  /// - Returns: why it is one too many; nil: it isn't.
  func enter(_ channel: any Channel) -> String? {
    let address = IPAddress.holder(of: channel.remoteAddress?.ipAddress ?? "")
    let reason = counts.withLock { counts -> String? in
      if counts.all >= limit.inAll { return "\(limit.inAll) are open" }
      let own = counts.addresses[address, default: 0]
      if own >= limit.ofAddress { return "\(limit.ofAddress) of its address are open" }
      counts.all += 1
      counts.addresses[address] = own + 1
      return nil
    }
    guard reason == nil else { return reason }
    channel.closeFuture.whenComplete { [self] _ in leave(address) }
    return nil
  }

  private func leave(_ address: String) {
    counts.withLock { counts in
      counts.all -= 1
      let own = counts.addresses[address, default: 0] - 1
      counts.addresses[address] = own > 0 ? own : nil
    }
  }
}

/// Why a channel that is closed isn't configured.
struct TooManyConnections: Error {}

extension IPAddress {
  /// All addresses that whoever has one may have: with IPv6 a /64 (RFC 4291 §2.5.4), given by its first.
  package var holder: IPAddress {
    switch family {
    case .v4: self
    // IPv4 at a socket of IPv6 (RFC 4291 §2.5.5.2).
    case .v6 where high == 0 && low >> 32 == 0xffff: IPAddress(v4: UInt32(truncatingIfNeeded: low))
    case .v6: IPAddress(v6High: high, low: 0)
    }
  }

  /// The same as text, by which connections are counted; what is no address counts as it is.
  package static func holder(of address: String) -> String {
    IPAddress(address.prefix { $0 != "%" })?.holder.description ?? address
  }
}
