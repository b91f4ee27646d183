import CGuest
import Workload

/// Opening the ring's connections. An attempt that fails is repeated; a connection that was made is made for good.
///
/// Ranks connect one after the other without a deadlock: the kernel takes a connection before the program does. It
/// takes none that its other end gave up, since that answers the second step of the handshake with a reset.
struct Opening {
  let ring: Ring
  let port: UInt16
  private let listener: Socket?
  private var attempt = 0

  init(ring: Ring, port: UInt16) throws(Failure) {
    self.ring = ring
    self.port = port
    listener = ring.accepts == nil ? nil : try Socket.bound(type: SOCK_STREAM, port: port)
  }

  /// One attempt to connect to that rank, as long as `Retry` says.
  mutating func connected(to rank: Int) throws(Failure) -> Socket? {
    let address = try address(of: rank)
    let patience = Retry.milliseconds(attempt: attempt)
    attempt += 1
    let socket = try Socket(family: address.family, type: SOCK_STREAM)
    let result = unsafe address.withPointer { unsafe connect(socket.descriptor, $0, $1) }
    if result != 0 && guest_errno() == EINPROGRESS {
      guard socket.wait(for: POLLOUT, milliseconds: patience) else { return nil }
      if socket.pendingError == 0 { return socket }
    } else if result == 0 {
      return socket
    }
    // Refused, or no route yet.
    Monotonic.sleep(UInt64(Retry.milliseconds(attempt: 0)) * 1_000_000)
    return nil
  }

  /// The connection from that rank, if it comes in time.
  func accepted(from rank: Int, milliseconds: Int) throws(Failure) -> Socket? {
    let address = try address(of: rank)
    guard let listener, listener.wait(for: POLLIN, milliseconds: milliseconds), let descriptor = listener.accepted()
    else { return nil }
    let socket = Socket(owning: descriptor)
    // Another machine that happens by isn't a neighbour.
    guard socket.peer?.text == address.text else { return nil }
    return socket
  }

  private func address(of rank: Int) throws(Failure) -> SocketAddress {
    guard let address = SocketAddress(ring.addresses[rank], port: port) else {
      throw Failure("--ring: \(ring.addresses[rank]) is no IPv4 or IPv6 address")
    }
    return address
  }
}
