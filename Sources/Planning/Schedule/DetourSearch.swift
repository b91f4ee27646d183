import Model

/// A search for an order of moves where the VMs' own moves have none: cycles, such as two VMs that change places on
/// full hosts. VMs are set aside, each at most once, on a host that has room, and go on from there; where no VM that moves
/// anyway can be, one that would stay goes and comes back.
struct DetourSearch {
  let instance: PlacementInstance
  private let limits: SearchLimits
  private var budget: SearchBudget
  private let present: [Int]
  private let moving: [Int]
  private let isMoving: [Bool]
  private var rooms: MoveRooms
  private var made: [Leg] = []
  private var rest: [Int]
  private var setAside: Set<Int> = []
  private var dead: Set<State> = []
  /// Whether VMs that don't move otherwise may be set aside.
  private var takesOthers = false

  private struct State: Hashable {
    /// Of the VMs that move, then of those that were set aside.
    var hosts: [Int]
    var setAside: [Int]
    var detours: Int
  }

  /// VMs that change places, up to which all detours are tried.
  static let completeCount = 10
  static let mostDetours = 4
  /// Hosts that are tried for one VM, the cheapest first.
  static let mostHosts = 8
  /// Looks at a VM, where all ways are tried and where one is.
  static let mostLooks = 300_000
  static let mostLooksOneWay = 20_000_000

  init(from present: [Int], to placement: [Int], in instance: PlacementInstance, within limits: SearchLimits) {
    self.instance = instance
    self.limits = limits
    budget = SearchBudget(limits)
    self.present = present
    moving = instance.vmsByName.filter { present[$0] != placement[$0] }
    isMoving = present.indices.map { present[$0] != placement[$0] }
    rooms = MoveRooms(from: present, to: placement, in: instance)
    rest = moving
  }

  /// Legs in an order in which every step fits; nil where none was found.
  mutating func legs() -> [Leg]? {
    let elapsed = limits.start()
    let start = self
    func restart(_ takesOthers: Bool, _ looks: Int) {
      self = start
      self.takesOthers = takesOthers
      budget = SearchBudget(limits.rest(after: elapsed(), steps: looks))
    }
    for takesOthers in [false, true] {
      for detours in 1...Self.mostDetours where moving.count <= Self.completeCount {
        restart(takesOthers, Self.mostLooks)
        if find(detours) { return made }
      }
      restart(takesOthers, Self.mostLooksOneWay)
      if goOn() { return made }
    }
    return nil
  }

  private mutating func move(_ vm: Int, to host: Int) {
    made.append(Leg(vm: vm, from: rooms.hosts[vm], to: host))
    rooms.make(vm, to: host)
  }

  private mutating func go(_ vm: Int, to host: Int) {
    move(vm, to: host)
    if host == rooms.targets[vm] { rest.removeAll { $0 == vm } } else if !rest.contains(vm) { rest.append(vm) }
  }

  /// As if no detour needed their places.
  private mutating func makeSafeMoves() {
    var found = true
    while found {
      budget.spend(rest.count)
      let safe = rest.filter(rooms.isSafe)
      // One that is safe stays so: others only take what they were expected to.
      for vm in safe { move(vm, to: rooms.targets[vm]) }
      rest.removeAll { rooms.hosts[$0] == rooms.targets[$0] }
      found = !safe.isEmpty
    }
  }

  private var fitting: [Int] { rest.filter { rooms.fits($0, to: rooms.targets[$0]) } }

  /// Why none of these VMs is set aside; to be asked of a search that has found nothing.
  func reason(_ stuck: [Int]) -> String {
    var atRest = DetourSearch(from: present, to: rooms.targets, in: instance, within: limits)
    atRest.makeSafeMoves()
    let places = stuck.filter { vm in instance.hosts.indices.contains { atRest.mayStay(vm, at: $0) } }
    let none = "no third host has room to set one of them aside"
    guard !places.isEmpty else { return none }
    return
      "setting VMs aside on third hosts, as there is room for \(Words.list(places.map { instance.vms[$0].name })), "
      + (budget.isOver ? "wasn't found to help in the time" : "doesn't help")
  }

  // MARK: - All ways

  /// Depth first, with so many detours at most. No move is safe here: a detour may need the place.
  private mutating func find(_ detours: Int) -> Bool {
    budget.spend(rest.count)
    if rest.isEmpty { return true }
    if budget.isOver { return false }
    let aside = setAside.sorted()
    let state = State(hosts: (moving + aside).map { rooms.hosts[$0] }, setAside: aside, detours: detours)
    guard !dead.contains(state) else { return false }
    let here = (rooms, made, rest, setAside)
    for vm in fitting.filter(rooms.isSafe) + fitting.filter({ !rooms.isSafe($0) }) {
      go(vm, to: rooms.targets[vm])
      if find(detours) { return true }
      (rooms, made, rest, setAside) = here
    }
    for detour in detours > 0 ? self.detours(all: true) : [] {
      setAside.insert(detour.vm)
      go(detour.vm, to: detour.host)
      if find(detours - 1) { return true }
      (rooms, made, rest, setAside) = here
    }
    dead.insert(state)
    return false
  }

  // MARK: - One way

  /// By merit, with the cheapest detour wherever nothing else goes on.
  private mutating func goOn() -> Bool {
    while true {
      makeSafeMoves()
      if rest.isEmpty { return true }
      if budget.isOver { return false }
      if let next = fitting.max(by: { rooms.merit($0) < rooms.merit($1) }) {
        go(next, to: rooms.targets[next])
      } else if let detour = detours(all: false).first {
        setAside.insert(detour.vm)
        go(detour.vm, to: detour.host)
      } else {
        return false
      }
    }
  }

  // MARK: - Detours

  private struct Detour {
    let vm: Int
    let host: Int
    /// What is tried first: VMs whose places others need before all others; in both, VMs that move anyway.
    let rank: Int
    /// Beyond that of the direct move.
    let price: Double
    let seconds: Double
  }

  /// What could be set aside now, the best first.
  ///
  /// - Parameter all: also VMs whose places nobody needs: others that are set aside may come there.
  private func detours(all: Bool) -> [Detour] {
    let lacking = Set(rest.compactMap { rooms.lacking($0, to: rooms.targets[$0]) })
    let mates = Set(rest.compactMap { rooms.mate(of: $0, at: rooms.targets[$0]) })
    func isInTheWay(_ vm: Int) -> Bool { mates.contains(vm) || lacking.contains { rooms.isIn(vm, $0) } }
    let others = takesOthers ? instance.vmsByName.filter { !isMoving[$0] && rooms.hosts[$0] == rooms.targets[$0] } : []
    var detours: [Detour] = []
    for (isOther, vms) in [(0, rest), (1, others)] {
      let candidates = vms.filter { !setAside.contains($0) && (all || isInTheWay($0)) }
      for vm in candidates.prefix(isOther == 0 ? .max : Self.mostOthers) {
        detours += self.detours(of: vm, rank: isOther + (isInTheWay(vm) ? 0 : 2))
      }
    }
    let places = instance.vmsByName.inverted()
    return detours.sorted {
      ($0.rank, $0.price, $0.seconds, places[$0.vm], instance.hostRanks[$0.host])
        < ($1.rank, $1.price, $1.seconds, places[$1.vm], instance.hostRanks[$1.host])
    }
  }

  private static let mostOthers = 20

  private func detours(of vm: Int, rank: Int) -> [Detour] {
    let (from, to) = (rooms.hosts[vm], rooms.targets[vm])
    let direct = from == to ? (price: 0, seconds: 0) : self.cost(Leg(vm: vm, from: from, to: to)) ?? (0, 0)
    budget.spend(instance.hosts.count / 8)
    let all: [Detour] = instance.hosts.indices.compactMap { host in
      guard mayStay(vm, at: host), let there = cost(Leg(vm: vm, from: from, to: host)),
        let onwards = cost(Leg(vm: vm, from: host, to: to))
      else { return nil }
      return Detour(
        vm: vm, host: host, rank: rank, price: there.price + onwards.price - direct.price,
        seconds: there.seconds + onwards.seconds - direct.seconds)
    }
    return Array(
      all.sorted {
        ($0.price, $0.seconds, instance.hostRanks[$0.host]) < ($1.price, $1.seconds, instance.hostRanks[$1.host])
      }.prefix(Self.mostHosts))
  }

  private func cost(_ leg: Leg) -> (price: Double, seconds: Double)? {
    guard let migration = try? instance.migration(of: leg).get() else { return nil }
    return (instance.price(of: leg, migration), migration.seconds)
  }

  /// Whether a VM may be at a host for a while: pins, bans and closed sites hold there as well, and VMs that are to be
  /// together stay at the sites from which and to which they move.
  private func mayStay(_ vm: Int, at host: Int) -> Bool {
    let site = instance.hostSites[host]
    guard host != rooms.hosts[vm], host != rooms.targets[vm], instance.allowed[vm * instance.sites.count + site],
      instance.secondsUntilClosed[site].map({ $0 > 0 }) ?? true, !instance.isDrained(host),
      instance.runs(vm, on: host, thenOn: rooms.targets[vm]), rooms.fits(vm, to: host)
    else { return false }
    return instance.together.allSatisfy { set in
      !set.contains(vm)
        || set.contains { [rooms.hosts[$0], rooms.targets[$0]].contains { instance.hostSites[$0] == site } }
    }
  }
}
