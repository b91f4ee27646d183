/// The way to a kernel that speaks netlink: two calls, so that tests can stand in for it.
package protocol NetlinkTransport: Sendable {
  /// Sends one datagram of whole messages.
  func send(_ bytes: [UInt8]) throws(NetlinkError)

  /// The next datagram from the kernel; waits for it, at most for a time that the transport sets.
  func receive() throws(NetlinkError) -> [UInt8]
}
