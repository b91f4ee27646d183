import CLinux
import Dispatch
import Glibc

/// Hears of changes in this network namespace, whoever made them.
package final class NetlinkMonitor: Sendable {
  package enum Change: Hashable, Sendable {
    case link(Link, isGone: Bool)
    case forwarding(ForwardingEntry, isGone: Bool)
    case neighbour(Neighbour, isGone: Bool)
    case address(InterfaceAddress, isGone: Bool)
    /// More changed than the socket could hold: anything may be different.
    case overrun
  }

  /// Not marked as sendable by its module; it is made once, and cancelling it is safe from any thread.
  private nonisolated(unsafe) let source: any DispatchSourceRead

  /// Calls `handler` for each change from now on, one after another, until the monitor is given up.
  package init(
    _ groups: [NetlinkSocket.Group], handler: @escaping @Sendable (Change) -> Void
  ) throws(NetlinkError) {
    let socket = try NetlinkSocket(groups: groups, patience: 0)
    let source = DispatchSource.makeReadSource(
      fileDescriptor: socket.descriptor, queue: DispatchQueue(label: "netlink monitor"))
    source.setEventHandler { Self.drain(socket, handler) }
    // The socket is closed after the last event: this closure is the last to hold it.
    source.setCancelHandler { withExtendedLifetime(socket) {} }
    source.activate()
    unsafe self.source = source
  }

  deinit {
    unsafe source.cancel()
  }

  private static func drain(_ socket: NetlinkSocket, _ handler: (Change) -> Void) {
    while true {
      do throws(NetlinkError) {
        let datagram = try socket.receive()
        for message in (try? NetlinkMessage.messages(of: datagram)) ?? [] {
          if let change = try? Self.change(message) { handler(change) }
        }
      } catch {
        if error.code == EAGAIN { return }
        handler(.overrun)
        if error.code != ENOBUFS { return }
      }
    }
  }

  /// Nil for what is no change that we know.
  static func change(_ message: NetlinkMessage) throws(NetlinkDecodingError) -> Change? {
    let isBridge = message.body.first == UInt8(AF_BRIDGE)
    switch Int(message.type) {
    case Int(RTM_NEWLINK), Int(RTM_DELLINK):
      // Of family AF_BRIDGE: a port's own message; its removal from the bridge is no removal of the link.
      return .link(try Link(message), isGone: Int(message.type) == Int(RTM_DELLINK) && !isBridge)
    case Int(RTM_NEWNEIGH), Int(RTM_DELNEIGH):
      let isGone = Int(message.type) == Int(RTM_DELNEIGH)
      if isBridge { return try ForwardingEntry(message).map { .forwarding($0, isGone: isGone) } }
      return try Neighbour(message).map { .neighbour($0, isGone: isGone) }
    case Int(RTM_NEWADDR), Int(RTM_DELADDR):
      return try InterfaceAddress(message).map { .address($0, isGone: Int(message.type) == Int(RTM_DELADDR)) }
    default: return nil
    }
  }
}
