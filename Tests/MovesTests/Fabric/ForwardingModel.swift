import Model
import Moves

/// Several hosts whose kernels are as their agents want them, and what they do with frames.
struct ForwardingModel {
  struct Agent {
    var map: FabricMap
    var phases = LocalPhases()
  }

  enum Fate: Hashable {
    case delivered(at: String)
    case dropped(at: String)
    /// A host sends it on that has done so before: frames have no hop limit.
    case looped(at: String)
  }

  let network: VirtualNetwork
  let underlay: [String: IPAddress]
  var agents: [String: Agent]

  func fabric(of host: String) -> [FabricObject.Key: FabricObject] {
    guard let agent = agents[host] else { return [:] }
    return WantedFabric(
      host: host, underlay: underlay, networks: [network], map: agent.map, phases: agent.phases).objects
  }

  /// A frame to `mac` from a VM or the gateway of `host`.
  func fate(of mac: MACAddress, from host: String) -> Fate {
    var senders: Set<String> = []
    var host = host
    while true {
      let objects = fabric(of: host)
      guard case .bridgeEntry(let entry)? = objects[.bridgeEntry(network.number, mac)]
      else { return .dropped(at: host) }
      if entry.port == .tap { return .delivered(at: host) }
      guard case .tunnel(let tunnel)? = objects[.tunnel(network.number)], senders.isEmpty || tunnel.hairpin,
        case .tunnelEntry(let remote)? = objects[.tunnelEntry(network.number, mac)],
        let next = underlay.first(where: { $0.value == remote.host })?.key
      else { return .dropped(at: host) }
      guard senders.insert(host).inserted else { return .looped(at: host) }
      host = next
    }
  }

  /// How often a broadcast from a VM or the gateway of `host` comes out of taps, by host; nil where it never ends.
  func broadcast(from host: String) -> [String: Int]? {
    var outcomes: [String: Int] = [:]
    var frames = [(host: host, isLocal: true)]
    while let frame = frames.popLast() {
      outcomes[frame.host, default: 0] += 1
      if outcomes[frame.host, default: 0] > 10 { return nil }
      let objects = fabric(of: frame.host)
      guard case .tunnel(let tunnel)? = objects[.tunnel(network.number)], tunnel.floodsGroups,
        frame.isLocal || tunnel.hairpin
      else { continue }
      for case .floodEntry(let entry) in objects.values {
        if let next = underlay.first(where: { $0.value == entry.host })?.key { frames.append((next, false)) }
      }
    }
    return outcomes
  }
}
