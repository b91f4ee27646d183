import Glibc
package import Linux
import Model
package import Moves

extension KernelFabric {
  /// Makes the changes in their order; entries go to the kernel in batches. One that fails doesn't keep the others from
  /// being tried.
  /// - Returns: the changes that failed.
  /// - Throws: where the kernel stopped answering.
  package func apply(_ changes: [FabricChange]) throws(NetlinkError) -> [Failure] {
    var work = FabricWork(client: client)
    for change in changes { try work.add(change) }
    try work.flush()
    return work.failures
  }
}

/// Changes under way: requests that wait to be sent together, and what is known of the devices that they are about.
struct FabricWork: ~Copyable {
  let client: NetlinkClient
  private(set) var failures: [KernelFabric.Failure] = []
  private var requests: [NetlinkRequest] = []
  /// Of each request, its change.
  private var changes: [FabricChange] = []
  /// By name, as far as asked for since the last change to a device.
  private var links: [String: Linux.Link] = [:]

  init(client: NetlinkClient) {
    self.client = client
  }

  mutating func add(_ change: FabricChange) throws(NetlinkError) {
    switch change {
    case .put(let object) where object.isDevice, .remove(let object) where object.isDevice:
      try flush()
      do throws(NetlinkError) {
        switch change {
        case .put: try put(object)
        case .remove: try remove(object)
        }
      } catch {
        if error.isBroken { throw error }
        failures.append(KernelFabric.Failure(change: change, reason: error.description))
      }
    case .put(let object), .remove(let object):
      guard let request = try request(change, object) else { return }
      requests.append(request)
      changes.append(change)
    }
  }

  /// Sends what waits.
  mutating func flush() throws(NetlinkError) {
    for failure in try client.perform(requests) {
      let change = changes[failure.request]
      if case .remove = change, failure.error.isAboutNothing { continue }
      failures.append(
        KernelFabric.Failure(change: change, reason: failure.error.during(change.operation).description))
    }
    requests = []
    changes = []
  }

  /// The link of that name, asked for once.
  mutating func link(_ name: String) throws(NetlinkError) -> Linux.Link? {
    if let known = links[name] { return known }
    let link = try client.link(name)
    links[name] = link
    return link
  }

  /// Something about a link has changed, or its index.
  mutating func forget(_ name: String) {
    links[name] = nil
  }

  /// The index of a device that must be there. Nil, and the change is a failure unless it is a removal, where there
  /// is none.
  private mutating func index(_ name: String, for change: FabricChange) throws(NetlinkError) -> UInt32? {
    if let link = try link(name) { return link.index }
    if case .put = change {
      failures.append(
        KernelFabric.Failure(change: change, reason: "\(change.operation): there is no device \(name)"))
    }
    return nil
  }

  /// A gateway is of no use to a host that doesn't forward: without it there is no address either, and both are tried again.
  private mutating func setForwarding(_ family: IPAddress.Family, for change: FabricChange) -> Bool {
    do throws(SysctlError) {
      try Sysctl.setForwarding(family)
      return true
    } catch {
      failures.append(KernelFabric.Failure(change: change, reason: "\(change.operation): \(error)"))
      return false
    }
  }

  private mutating func request(
    _ change: FabricChange, _ object: FabricObject
  ) throws(NetlinkError) -> NetlinkRequest? {
    guard let index = try index(object.deviceName, for: change) else { return nil }
    let isPut = if case .put = change { true } else { false }
    switch object {
    case .bridge, .tunnel, .tap: return nil
    case .gateway(let gateway):
      guard !isPut || setForwarding(gateway.address.family, for: change) else { return nil }
      let address = InterfaceAddress(
        link: index, address: gateway.address, length: UInt8(clamping: gateway.prefixLength))
      return isPut ? .new(address, .replace) : .delete(address)
    case .tunnelEntry(let entry):
      let entry = ForwardingEntry.remote(index, mac: entry.mac, destination: entry.host)
      return isPut ? .new(entry, .replace) : .delete(entry)
    case .floodEntry(let entry):
      let entry = ForwardingEntry.remote(index, mac: MACAddress(0), destination: entry.host)
      return isPut ? .new(entry, .append) : .delete(entry)
    case .bridgeEntry(let entry):
      let entry = ForwardingEntry.port(index, mac: entry.mac)
      return isPut ? .new(entry, .replace) : .delete(entry)
    case .neighbour(let neighbour):
      let neighbour = Neighbour(link: index, address: neighbour.address, mac: neighbour.mac)
      return isPut ? .new(neighbour, .replace) : .delete(neighbour)
    }
  }
}

extension NetlinkError {
  /// The conversation itself is at fault, not the request.
  fileprivate var isBroken: Bool { [0, EAGAIN, ENOBUFS, EBADF].contains(code) }

  /// What was to be removed isn't there.
  fileprivate var isAboutNothing: Bool { [ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL].contains(code) }
}
