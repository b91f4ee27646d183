import Model

/// Distances and loads under a placement: what hosts and fixed endpoints are from each other.
struct PlacementGeometry {
  let between: PlacementSites
  let hostSites: [Int]
  let endpointSites: [Int]

  /// Bytes on the wire per IP byte of a load: headers of the link and of a tunnel.
  static let overhead = 1.05

  init(_ between: PlacementSites, hostSites: [Int], endpointSites: [Int]) {
    self.between = between
    self.hostSites = hostSites
    self.endpointSites = endpointSites
  }

  init(_ instance: PlacementInstance) {
    self.init(instance.between, hostSites: instance.hostSites, endpointSites: instance.endpointSites)
  }

  /// Site of a peer: a VM's by its host, a fixed endpoint's its own.
  func site(of peer: Int, in placement: [Int]) -> Int {
    peer < placement.count ? hostSites[placement[peer]] : endpointSites[peer - placement.count]
  }

  /// ℓ between a VM and a peer, seconds. A fixed endpoint is a host of its own.
  func latency(_ vm: Int, _ peer: Int, in placement: [Int]) -> Double {
    if peer < placement.count, placement[peer] == placement[vm] { return between.sameHostLatency }
    return between.latency[between.index(from: hostSites[placement[vm]], to: site(of: peer, in: placement))]
  }

  /// wait of each VM: seconds per second.
  func waits(of placement: [Int], _ traffic: PlacementTraffic) -> [Double] {
    placement.indices.map { vm in
      traffic.entries(of: vm).reduce(0) { sum, entry in
        sum + traffic.waits[entry] * latency(vm, traffic.peers[entry], in: placement)
      }
    }
  }

  /// Bytes per second from site to site: entry `from · sites + to`; 0 inside a site.
  func crossing(of placement: [Int], _ traffic: PlacementTraffic) -> [Double] {
    var bytes = [Double](repeating: 0, count: between.count * between.count)
    for vm in placement.indices {
      let here = site(of: vm, in: placement)
      for entry in traffic.entries(of: vm) {
        let peer = traffic.peers[entry]
        let there = site(of: peer, in: placement)
        guard here != there else { continue }
        bytes[between.index(from: here, to: there)] += traffic.bytesOut[entry]
        // The other end has the other direction, unless it is no VM.
        if peer >= placement.count { bytes[between.index(from: there, to: here)] += traffic.bytesIn[entry] }
      }
    }
    return bytes
  }

  /// load from site to site.
  func loads(_ crossing: [Double]) -> [Double] {
    crossing.indices.map { $0 % (between.count + 1) == 0 ? 0 : Self.overhead * crossing[$0] / between.bandwidth[$0] }
  }

  /// link of each VM: the largest load, of all where the application is coupled, else of those that the VM's bytes use.
  func linkShares(of placement: [Int], _ traffic: PlacementTraffic, _ coupling: Coupling) -> [Double] {
    let loads = loads(crossing(of: placement, traffic))
    if coupling == .coupled { return placement.map { [largest = loads.max() ?? 0] _ in largest } }
    return placement.indices.map { vm in
      let here = site(of: vm, in: placement)
      return traffic.entries(of: vm).reduce(0) { largest, entry in
        let there = site(of: traffic.peers[entry], in: placement)
        let out = traffic.bytesOut[entry] > 0 ? loads[between.index(from: here, to: there)] : 0
        let back = traffic.bytesIn[entry] > 0 ? loads[between.index(from: there, to: here)] : 0
        return max(largest, out, back)
      }
    }
  }
}
