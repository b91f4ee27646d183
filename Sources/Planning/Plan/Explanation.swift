import Model

/// Every term of the formulas of docs/planning.md behind a plan, at the present and at the advised placement.
public struct Explanation: Hashable, Sendable, Encodable {
  public var rows: [Row]

  /// One term.
  public struct Row: Hashable, Sendable, Encodable {
    public var section: Section
    /// What it speaks of: a VM, `rennes → cloud-a`, the application.
    public var subject: String
    /// The formulas' symbol.
    public var term: String
    public var meaning: String
    /// Empty for shares and ratios.
    public var unit: String
    /// At the present placement; nil where the term has no value there, and for a first placement.
    public var before: Double?
    /// At the advised placement; nil where the term has no value there.
    public var after: Double?
  }

  public enum Section: String, Hashable, Sendable, CaseIterable, Encodable {
    case vms, sites, moves, stages, totals
  }
}

extension Explanation {
  /// - Parameter order: of the moves, by VM.
  init(_ instance: PlacementInstance, before: PlacementEvaluation?, after: PlacementEvaluation, order: [Int]) {
    rows = []
    for vm in instance.vms.indices { explain(vm: vm, instance, before, after) }
    explainSites(instance, before, after)
    let moves = Dictionary(uniqueKeysWithValues: after.moves.map { ($0.vm, $0) })
    for move in order.compactMap({ moves[$0] }) { explain(move, instance) }
    explainTotals(instance, before, after)
  }

  private mutating func add(
    _ section: Section, _ subject: String, _ term: String, _ meaning: String, _ unit: String, _ before: Double?,
    _ after: Double?
  ) {
    rows.append(
      Row(
        section: section, subject: subject, term: term, meaning: meaning, unit: unit, before: before, after: after))
  }

  private mutating func explain(
    vm: Int, _ instance: PlacementInstance, _ before: PlacementEvaluation?, _ after: PlacementEvaluation
  ) {
    func add(
      _ term: String, _ meaning: String, _ unit: String, _ value: (PlacementEvaluation) -> Double
    ) {
      self.add(.vms, instance.vms[vm].name, term, meaning, unit, before.map(value), value(after))
    }
    add("cpu", "share of the time that it computed", "") { _ in instance.vms[vm].cpu }
    add("g", "speed of its host's cores", "") { instance.hosts[$0.placement[vm]].speed }
    add("w", "waits for its peers, both ways", "1/s") { _ in
      instance.traffic.entries(of: vm).reduce(0) { $0 + instance.traffic.waits[$1] }
    }
    if before != nil {
      add("u", "waiting at the present placement", "s/s") { _ in instance.presentWaits[vm] }
    }
    add("κ", "what a wait counts", "") { _ in instance.waitFactors[vm] }
    add("comp·g(p0)/g(p)", "computing", "") { $0.slowdowns[vm].compute }
    add("idle", "neither computing nor waiting", "") { $0.slowdowns[vm].idle }
    add("wait", "waiting for messages to cross", "s/s") { $0.slowdowns[vm].wait }
    add("link", "the busiest link's share", "s/s") { $0.slowdowns[vm].link }
    let reference = before == nil ? "one on speed 1.0 without waits" : "the present"
    add("σ", "time for the same work, relative to \(reference)", "") { $0.slowdowns[vm].total }
    add("price", "hosting per hour", "1/h") { instance.price(of: vm, at: instance.site(of: vm, in: $0.placement)) }
    add("hosting", "hosting over \(Self.span(instance))", "money") { $0.hosting[vm] }
  }

  private mutating func explainSites(
    _ instance: PlacementInstance, _ before: PlacementEvaluation?, _ after: PlacementEvaluation
  ) {
    let crossed = Set((before?.loads ?? []).map(\.pair) + after.loads.map(\.pair))
    let loads = [before, after].map { evaluation in
      Dictionary(uniqueKeysWithValues: (evaluation?.loads ?? []).map { ($0.pair, $0) })
    }
    let egress = [before, after].map { evaluation in
      Dictionary(uniqueKeysWithValues: (evaluation?.egress ?? []).map { ([$0.from, $0.to], $0) })
    }
    for pair in crossed.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) {
      let subject = "\(instance.sites[pair[0]].name) → \(instance.sites[pair[1]].name)"
      func add(_ term: String, _ meaning: String, _ unit: String, _ value: (_ side: Int) -> Double?) {
        self.add(.sites, subject, term, meaning, unit, before == nil ? nil : value(0) ?? 0, value(1) ?? 0)
      }
      let link = instance.between.index(from: pair[0], to: pair[1])
      add("ℓ", "latency, one way", "s") { _ in instance.between.latency[link] }
      if instance.between.bandwidth[link].isFinite {
        add("β", "bandwidth", "B/s") { _ in instance.between.bandwidth[link] }
      }
      add("b", "IP bytes that cross", "B/s") { loads[$0][pair]?.bytesPerSecond }
      add("load", "share of the link's bandwidth, with headers", "") { loads[$0][pair]?.load }
      add("b·R", "IP bytes that cross in \(Self.span(instance))", "B") { egress[$0][pair]?.bytes }
      add("price", "of a GB that leaves the first for the second", "1/GB") { _ in instance.between.egress[link] * 1e9 }
      add("egress", "price of what crosses", "money") { egress[$0][pair]?.cost }
    }
  }

  private mutating func explain(_ move: PlacementEvaluation.Move, _ instance: PlacementInstance) {
    guard case .success(let migration) = move.migration else { return }
    let subject = instance.vms[move.vm].name
    let memory = instance.vms[move.vm].memoryGiB * 0x1p30
    let link = instance.between.index(from: instance.hostSites[move.from], to: instance.hostSites[move.to])
    add(.moves, subject, "m", "memory", "B", nil, memory)
    if instance.between.moveBandwidth[link].isFinite {
      add(.moves, subject, "β", "bandwidth that it has", "B/s", nil, instance.between.moveBandwidth[link])
    }
    add(.moves, subject, "ρ", "dirty rate by bandwidth", "", nil, migration.dirtyShare)
    add(.moves, subject, "n", "rounds of copying before the stop", "", nil, Double(migration.rounds))
    add(.moves, subject, "bytes", "memory and disks that cross", "B", nil, migration.bytes)
    add(.moves, subject, "seconds", "length of the move", "s", nil, migration.seconds)
    add(.moves, subject, "downtime", "stopped at the end of the move", "s", nil, migration.downtimeSeconds)
    add(.moves, subject, "M egress", "price of the bytes", "money", nil, move.egressCost)
    add(.moves, subject, "M hosting", "the old place during the move", "money", nil, move.hostingCost)
  }

  private mutating func explainTotals(
    _ instance: PlacementInstance, _ before: PlacementEvaluation?, _ after: PlacementEvaluation
  ) {
    func add(_ term: String, _ meaning: String, _ unit: String, _ value: (PlacementEvaluation) -> Double) {
      self.add(.totals, "application", term, meaning, unit, before.map(value), value(after))
    }
    let remaining = before == nil ? "run on speed 1.0 without waits" : "remaining run"
    add("R", instance.isService ? "horizon of a service" : remaining, "s") { _ in instance.remainingSeconds }
    add("σ", instance.coupling == .coupled ? "largest σ of a VM" : "mean σ of the VMs", "") { $0.slowdown }
    add("T", "R·σ", "s") { $0.seconds }
    add("downtimes", "of all moves", "s") { $0.downtimeSeconds }
    add("seconds", "T and downtimes", "s") { $0.totalSeconds }
    add("hosting", instance.isService ? "over R" : "over T", "money") { $0.cost.hosting }
    add("egress", "over \(Self.span(instance))", "money") { $0.cost.egress }
    add("M", "price of the moves", "money") { $0.cost.migration }
    add("C", "hosting, egress and M", "money") { $0.cost.total }
    add("watts", "of the hosts in use", "W") { $0.watts }
  }
}

extension Explanation {
  /// The stages, where placements follow one another: the terms of the others are of the first, were it kept.
  mutating func add(_ staging: Staging, _ instance: PlacementInstance) {
    for (index, stage) in staging.stages.enumerated() {
      func add(_ term: String, _ meaning: String, _ unit: String, _ value: Double) {
        self.add(.stages, "stage \(index + 1)", term, meaning, unit, nil, value)
      }
      add("begins", "from now", "s", stage.begins)
      add("length", "by the clock", "s", stage.length)
      add("R", "what remains of the run when it begins", "s", stage.instance.remainingSeconds)
      add("σ", "of its placement", "", stage.evaluation.slowdown)
      add("share", "of what remains that is done in it", "", stage.share)
      add("hosting", "over its length", "money", stage.hosting)
      add("egress", "of what is done in it", "money", stage.egress)
      add("M", "price of its moves", "money", stage.evaluation.cost.migration)
    }
  }

  /// What is paid for.
  private static func span(_ instance: PlacementInstance) -> String {
    instance.isService ? "24 h of the service" : instance.present == nil ? "the run" : "the remaining run"
  }
}

extension PlacementEvaluation.SiteLoad {
  fileprivate var pair: [Int] { [from, to] }
}
