import Glibc
package import Model

/// What there is in this network namespace.
extension NetlinkClient {
  package func links() throws(NetlinkError) -> [Link] {
    try read(.links) { (message) throws(NetlinkDecodingError) in try Link(message) }
  }

  /// Nil where there is none of that name.
  package func link(_ name: String) throws(NetlinkError) -> Link? {
    do throws(NetlinkError) {
      return try get(.link(name)).map { (message) throws(NetlinkError) in
        try decode(message) { (message) throws(NetlinkDecodingError) in try Link(message) }
      }
    } catch  where error.code == ENODEV {
      return nil
    }
  }

  /// Of all bridges and of all devices.
  package func forwardingEntries() throws(NetlinkError) -> [ForwardingEntry] {
    try read(.forwardingEntries) { (message) throws(NetlinkDecodingError) in try ForwardingEntry(message) }
  }

  package func neighbours(_ family: IPAddress.Family) throws(NetlinkError) -> [Neighbour] {
    try read(.neighbours(family)) { (message) throws(NetlinkDecodingError) in try Neighbour(message) }
  }

  package func addresses(_ family: IPAddress.Family) throws(NetlinkError) -> [InterfaceAddress] {
    try read(.addresses(family)) { (message) throws(NetlinkDecodingError) in try InterfaceAddress(message) }
  }

  private func read<Value>(
    _ request: NetlinkRequest, _ value: (NetlinkMessage) throws(NetlinkDecodingError) -> Value?
  ) throws(NetlinkError) -> [Value] {
    var values: [Value] = []
    for message in try dump(request) {
      if let value = try decode(message, value) { values.append(value) }
    }
    return values
  }

  private func decode<Value>(
    _ message: NetlinkMessage, _ value: (NetlinkMessage) throws(NetlinkDecodingError) -> Value
  ) throws(NetlinkError) -> Value {
    do throws(NetlinkDecodingError) {
      return try value(message)
    } catch {
      throw NetlinkError(code: 0, message: error.description, operation: "read from the kernel")
    }
  }
}
