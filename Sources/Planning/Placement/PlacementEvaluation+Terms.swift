import Model

extension PlacementEvaluation.Slowdown {
  static func all(
    of placement: [Int], in instance: PlacementInstance, _ geometry: PlacementGeometry
  ) -> [PlacementEvaluation.Slowdown] {
    let waits = geometry.waits(of: placement, instance.traffic)
    let links = geometry.linkShares(of: placement, instance.traffic, instance.coupling)
    return placement.indices.map { vm in
      PlacementEvaluation.Slowdown(
        compute: instance.compute[vm] / instance.hosts[placement[vm]].speed, idle: instance.idle[vm], wait: waits[vm],
        link: links[vm], waitFactor: instance.waitFactors[vm])
    }
  }
}

extension PlacementEvaluation.SiteLoad {
  static func all(_ crossing: [Double], _ geometry: PlacementGeometry) -> [PlacementEvaluation.SiteLoad] {
    let loads = geometry.loads(crossing)
    let count = geometry.between.count
    return crossing.indices.filter { crossing[$0] > 0 }.map {
      PlacementEvaluation.SiteLoad(from: $0 / count, to: $0 % count, bytesPerSecond: crossing[$0], load: loads[$0])
    }
  }
}

extension PlacementEvaluation.SiteEgress {
  static func all(_ crossing: [Double], in instance: PlacementInstance) -> [PlacementEvaluation.SiteEgress] {
    let count = instance.sites.count
    return crossing.indices.filter { crossing[$0] > 0 }.map {
      let bytes = crossing[$0] * instance.remainingSeconds
      return PlacementEvaluation.SiteEgress(
        from: $0 / count, to: $0 % count, bytes: bytes, cost: bytes * instance.between.egress[$0])
    }
  }
}

extension PlacementEvaluation.Move {
  static func all(of placement: [Int], in instance: PlacementInstance) -> [PlacementEvaluation.Move] {
    guard let present = instance.present else { return [] }
    return placement.indices.compactMap { vm in
      let (from, to) = (present[vm], placement[vm])
      guard let migration = instance.migration(of: vm, to: to) else { return nil }
      let done = try? migration.get()
      let (source, target) = (instance.hostSites[from], instance.hostSites[to])
      let egress = instance.between.egress[instance.between.index(from: source, to: target)]
      return PlacementEvaluation.Move(
        vm: vm, from: from, to: to, migration: migration, egressCost: (done?.bytes ?? 0) * egress,
        hostingCost: instance.price(of: vm, at: source) * (done?.seconds ?? 0) / 3600)
    }
  }
}

extension PlacementEvaluation.Use {
  /// Of `count` places, where `place` gives a host's.
  static func all(
    of placement: [Int], in instance: PlacementInstance, count: Int, place: (Int) -> Int
  ) -> [PlacementEvaluation.Use] {
    var uses = [PlacementEvaluation.Use](repeating: PlacementEvaluation.Use(), count: count)
    for (vm, host) in zip(instance.vms, placement) {
      let place = place(host)
      uses[place].vms += 1
      uses[place].vcpus += vm.vcpus
      uses[place].memoryGiB += vm.memoryGiB
    }
    return uses
  }
}
