import Model

/// The ranges in which sums and products of figures stay finite.
enum PlacementFigures {
  static let amounts = 0.0...1e18
  static let positive = 1e-9...1e18

  static func check(
    _ value: Double?, _ source: PlacementError.Source, _ what: @autoclosure () -> String,
    in allowed: ClosedRange<Double> = amounts
  ) throws(PlacementError) {
    guard let value, !allowed.contains(value) else { return }
    throw .outOfRange(source, what: what(), value: value, allowed: allowed)
  }
}

extension PlacementInstance {
  static func checkFigures(_ federation: Federation) throws(PlacementError) {
    for site in federation.sites {
      let place = { (what: String) in "\(what) of site ‘\(site.name)’" }
      try PlacementFigures.check(site.quota.vcpus, .federation, place("the quota of vCPUs"))
      try PlacementFigures.check(site.quota.memoryGiB, .federation, place("the quota of memory"))
      try PlacementFigures.check(site.quota.vcpuHours, .federation, place("the quota of vCPU-hours"))
      try PlacementFigures.check(site.headroom, .federation, place("the headroom"), in: 0...1)
      try PlacementFigures.check(site.price.vmHour, .federation, place("vmHour"))
      try PlacementFigures.check(site.price.vcpuHour, .federation, place("vcpuHour"))
      try PlacementFigures.check(site.price.memoryGiBHour, .federation, place("memoryGiBHour"))
      for host in site.hosts {
        try PlacementFigures.check(host.vcpus, .federation, "vcpus of host ‘\(host.name)’")
        try PlacementFigures.check(host.memoryGiB, .federation, "memoryGiB of host ‘\(host.name)’")
        try PlacementFigures.check(
          host.speed, .federation, "speed of host ‘\(host.name)’", in: PlacementFigures.positive)
        try PlacementFigures.check(host.headroom, .federation, "headroom of host ‘\(host.name)’", in: 0...1)
        try PlacementFigures.check(host.watts, .federation, "watts of host ‘\(host.name)’")
      }
    }
    let links = federation.links
    for link in [links.sameHost, links.sameSite, links.betweenSites] + links.pairs.values {
      try PlacementFigures.check(link.latencyMs, .federation, "latencyMs of a link")
      try PlacementFigures.check(
        link.bandwidthMbps, .federation, "bandwidthMbps of a link", in: PlacementFigures.positive)
    }
    for rate in federation.moveRates.values {
      try PlacementFigures.check(rate, .federation, "the rate of a move", in: PlacementFigures.positive)
    }
    for price in [federation.egress.betweenSites] + federation.egress.pairs.values {
      try PlacementFigures.check(price, .federation, "the price of egress")
    }
  }

  static func checkFigures(_ application: Application) throws(PlacementError) {
    try PlacementFigures.check(application.remainingHours, .application, "remainingHours")
    for hours in application.run?.earlierHours ?? [] {
      try PlacementFigures.check(hours, .application, "earlierHours of the run")
    }
    try PlacementFigures.check(application.run?.totalMessages, .application, "totalMessages of the run")
    try PlacementFigures.check(application.run?.sentMessages, .application, "sentMessages of the run")
    try PlacementFigures.check(application.waitFactor, .application, "waitFactor", in: 0...1)
    try PlacementFigures.check(application.budget, .application, "budget")
    try PlacementFigures.check(application.slowdownLimit, .application, "slowdownLimit")
    for vm in application.vms {
      try PlacementFigures.check(vm.vcpus, .application, "vcpus of VM ‘\(vm.name)’")
      try PlacementFigures.check(vm.memoryGiB, .application, "memoryGiB of VM ‘\(vm.name)’")
      try PlacementFigures.check(vm.cpu, .application, "cpu of VM ‘\(vm.name)’", in: 0...1)
      try PlacementFigures.check(vm.dirtyMiBps, .application, "dirtyMiBps of VM ‘\(vm.name)’")
      for disk in vm.disks {
        try PlacementFigures.check(disk.usedGiB, .application, "usedGiB of a disk of VM ‘\(vm.name)’")
        try PlacementFigures.check(disk.writeMiBps, .application, "writeMiBps of a disk of VM ‘\(vm.name)’")
      }
    }
  }
}
