import Model

/// One live migration: a VM's move, or half of its detour over a host where it stays for a while.
struct Leg: Hashable {
  let vm: Int
  let from: Int
  let to: Int
}

extension PlacementInstance {
  /// Bytes per second from host to host, to one move alone.
  func bandwidth(from source: Int, to target: Int) -> Double {
    between.moveBandwidth[between.index(from: hostSites[source], to: hostSites[target])]
  }

  /// What a leg takes with the link to itself.
  func migration(of leg: Leg) -> Result<Migration, Migration.Obstacle> {
    if present?[leg.vm] == leg.from, let direct = migration(of: leg.vm, to: leg.to) { return direct }
    return Result { () throws(Migration.Obstacle) in
      try Migration(of: vms[leg.vm], bandwidth: bandwidth(from: leg.from, to: leg.to))
    }
  }

  /// Price of a leg: its bytes that leave the site, and the old place while it lasts.
  func price(of leg: Leg, _ migration: Migration) -> Double {
    let (source, target) = (hostSites[leg.from], hostSites[leg.to])
    return migration.bytes * between.egress[between.index(from: source, to: target)]
      + price(of: leg.vm, at: source) * migration.seconds / 3600
  }

  /// Whether a host can run a VM, and another then, to which it comes under the first one's QEMU.
  func runs(_ vm: Int, on host: Int, thenOn target: Int) -> Bool {
    guard incompatibility(of: vm, on: host) == nil else { return false }
    var guest = guests[vm]
    if let version = hosts[host].qemuVersion {
      guest.qemuVersion = guest.qemuVersion.map { max($0, version) } ?? version
    }
    return compatibility.obstacle(to: guest, on: hosts[target]) == nil
  }
}
