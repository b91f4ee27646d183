package import Linux
import Model
import Moves
import Synchronization

extension KernelFabric {
  /// Yields whenever something about the fabric changes in the kernel, whoever did it (our own changes too); what
  /// happens while nobody listens is one event. Ends with the stream.
  package func events() throws(NetlinkError) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let watched = FabricLinks()
    let monitor = try NetlinkMonitor([.links, .neighbours, .addressesV4, .addressesV6]) { change in
      if watched.isTouched(by: change) { continuation.yield() }
    }
    watched.add(try client.links())
    continuation.onTermination = { _ in withExtendedLifetime(monitor) {} }
    return stream
  }
}

/// Which links are the fabric's, as they come and go.
private final class FabricLinks: Sendable {
  private let indices = Mutex<Set<UInt32>>([])

  func add(_ links: [Linux.Link]) {
    indices.withLock { $0.formUnion(links.lazy.filter { Self.isOurs($0.name) }.map(\.index)) }
  }

  func isTouched(by change: NetlinkMonitor.Change) -> Bool {
    indices.withLock { indices in
      switch change {
      case .overrun: return true
      case .link(let link, let isGone):
        let wasOurs = indices.contains(link.index)
        let isOurs = Self.isOurs(link.name) && !isGone
        if isOurs { indices.insert(link.index) } else { indices.remove(link.index) }
        return isOurs || wasOurs
      case .forwarding(let entry, _): return indices.contains(entry.link)
      case .neighbour(let neighbour, _): return indices.contains(neighbour.link)
      case .address(let address, _): return indices.contains(address.link)
      }
    }
  }

  private static func isOurs(_ name: String) -> Bool {
    FabricNames.network(ofBridge: name) != nil || FabricNames.network(ofTunnel: name) != nil
      || FabricNames.mac(ofTap: name) != nil
  }
}
