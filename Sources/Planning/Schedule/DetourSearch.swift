import Model

/// A search for an order of moves where the VMs' own moves have none: cycles, such as two VMs that change places on full
/// hosts. VMs are set aside, each at most once, on a host that has room, and go on from there; where no VM that moves
/// anyway can be, one that would stay goes and comes back.
struct DetourSearch {
  let instance: PlacementInstance
  private let budget: SearchBudget
  private let moving: [Int]
  private var rooms: MoveRooms
  private var made: [Leg] = []
  private var rest: [Int]
  private var setAside: Set<Int> = []
  private var dead: Set<State> = []
  /// Whether VMs that don't move otherwise may be set aside.
  private var takesOthers = false

  private struct State: Hashable {
    var hosts: [Int]
    var detours: Int
  }

  /// VMs that change places, up to which all detours are tried.
  static let completeCount = 10
  static let mostDetours = 4
  /// Hosts that are tried for one VM, the cheapest first.
  static let mostHosts = 8
  static let mostLooks = 300_000

  init(from present: [Int], to placement: [Int], in instance: PlacementInstance, budget: SearchBudget) {
    self.instance = instance
    self.budget = budget
    moving = instance.vmsByName.filter { present[$0] != placement[$0] }
    rooms = MoveRooms(from: present, to: placement, in: instance)
    rest = moving
  }

  /// Legs in an order in which every step fits; nil where none was found.
  mutating func legs() -> [Leg]? {
    let start = self
    for takesOthers in [false, true] {
      if moving.count <= Self.completeCount {
        for detours in 1...Self.mostDetours {
          self = start
          self.takesOthers = takesOthers
          if find(detours) { return made }
        }
      }
      self = start
      self.takesOthers = takesOthers
      if goOn() { return made }
    }
    return nil
  }

  private mutating func go(_ vm: Int, to host: Int) {
    made.append(Leg(vm: vm, from: rooms.hosts[vm], to: host))
    rooms.make(vm, to: host)
    if host == rooms.targets[vm] { rest.removeAll { $0 == vm } } else if !rest.contains(vm) { rest.append(vm) }
  }

  private mutating func makeSafeMoves() {
    while let vm = rest.first(where: rooms.isSafe) {
      budget.spend(rest.count)
      go(vm, to: rooms.targets[vm])
    }
    budget.spend(rest.count)
  }

  private var fitting: [Int] { rest.filter { rooms.fits($0, to: rooms.targets[$0]) } }

  // MARK: - All ways

  /// Depth first, with so many detours at most.
  private mutating func find(_ detours: Int) -> Bool {
    makeSafeMoves()
    if rest.isEmpty { return true }
    if budget.isOver { return false }
    let state = State(hosts: (moving + setAside.sorted()).map { rooms.hosts[$0] }, detours: detours)
    guard !dead.contains(state) else { return false }
    let here = (rooms, made, rest, setAside)
    for vm in fitting {
      go(vm, to: rooms.targets[vm])
      if find(detours) { return true }
      (rooms, made, rest, setAside) = here
    }
    for detour in detours > 0 ? self.detours() : [] {
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
      } else if let detour = detours().first {
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
    let isOther: Bool
    /// Beyond that of the direct move.
    let price: Double
    let seconds: Double
  }

  /// What could be set aside now where it makes room, the cheapest first; VMs that move anyway before others.
  private func detours() -> [Detour] {
    let lacking = Set(rest.compactMap { rooms.lacking($0, to: rooms.targets[$0]) })
    let mates = Set(rest.compactMap { rooms.mate(of: $0, at: rooms.targets[$0]) })
    func isInTheWay(_ vm: Int) -> Bool {
      mates.contains(vm) || lacking.contains { rooms.isIn(vm, $0) }
    }
    var detours = rest.filter { !setAside.contains($0) && isInTheWay($0) }
      .flatMap { self.detours(of: $0, isOther: false) }
    if takesOthers {
      let resting = instance.vmsByName.filter {
        rooms.hosts[$0] == rooms.targets[$0] && !moving.contains($0) && !setAside.contains($0) && isInTheWay($0)
      }
      detours += resting.prefix(Self.mostOthers).flatMap { self.detours(of: $0, isOther: true) }
    }
    let places = instance.vmsByName.inverted()
    return detours.sorted {
      ($0.isOther ? 1 : 0, $0.price, $0.seconds, places[$0.vm], instance.hostRanks[$0.host])
        < ($1.isOther ? 1 : 0, $1.price, $1.seconds, places[$1.vm], instance.hostRanks[$1.host])
    }
  }

  private static let mostOthers = 20

  private func detours(of vm: Int, isOther: Bool) -> [Detour] {
    let (from, to) = (rooms.hosts[vm], rooms.targets[vm])
    let direct = from == to ? (price: 0, seconds: 0) : self.cost(Leg(vm: vm, from: from, to: to)) ?? (0, 0)
    budget.spend(instance.hosts.count / 8)
    let all: [Detour] = instance.hosts.indices.compactMap { host in
      guard mayStay(vm, at: host), let there = cost(Leg(vm: vm, from: from, to: host)),
        let onwards = cost(Leg(vm: vm, from: host, to: to))
      else { return nil }
      return Detour(
        vm: vm, host: host, isOther: isOther, price: there.price + onwards.price - direct.price,
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
      instance.secondsUntilClosed[site].map({ $0 > 0 }) ?? true, rooms.fits(vm, to: host)
    else { return false }
    return instance.together.allSatisfy { set in
      !set.contains(vm)
        || set.contains { [rooms.hosts[$0], rooms.targets[$0]].contains { instance.hostSites[$0] == site } }
    }
  }
}
