internal import Model
internal import Moves
package import Wire

/// Addresses that two VMs of one network have, by the map of the agent that was asked. The fabric leads each to one of
/// the two, and nobody reaches the other by it.
package struct AddressConflicts: Sendable {
  package struct Document: Encodable, Sendable {
    package var network: String
    package var address: String
    /// The VM that is reached.
    package var holder: String
    /// The VM that isn't.
    package var other: String
  }

  private let conflicts: [(hosts: Set<String>, document: Document)]

  package init(_ reply: ListReply) {
    // What can't be an entry an agent doesn't take either.
    let map = FabricMap(reply.map.entries.compactMap { try? FabricEntry($0) })
    conflicts = map.conflicts.map { conflict in
      let address =
        switch conflict.address {
        case .mac(let address): address.description
        case .ip(let address): address.description
        }
      return (
        Set([conflict.holder, conflict.other].compactMap { map[$0]?.host }),
        Document(network: conflict.network, address: address, holder: conflict.holder, other: conflict.other)
      )
    }
  }

  /// Those of VMs at a host.
  package func at(_ host: String) -> [Document] { conflicts.filter { $0.hosts.contains(host) }.map(\.document) }
}

extension AddressConflicts.Document {
  package var text: String { "\(address) on \(network) is \(holder)'s: \(other) isn't reached by it" }
}
