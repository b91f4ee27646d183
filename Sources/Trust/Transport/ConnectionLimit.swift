internal import NIOCore
internal import Synchronization

/// How many connections may be open at once, where nobody shows a certificate by which they could be told apart.
package struct ConnectionLimit: Hashable, Sendable {
  package var inAll: Int
  /// Of one address.
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
    let address = channel.remoteAddress?.ipAddress ?? ""
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
