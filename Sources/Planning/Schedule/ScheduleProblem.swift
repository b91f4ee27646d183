import Model

/// What is scheduled: legs, what each copies over which links, and what bounds them.
///
/// Links are those from site to site, and inside a site what goes out of a host and what comes into one, each with the
/// bandwidth between two hosts of the site. Moves share a link equally; a move that uses two goes at the smaller of its
/// shares.
struct ScheduleProblem {
  let instance: PlacementInstance
  let limits: MoveLimits
  let legs: [Leg]
  /// Before the first leg.
  let rooms: MoveRooms
  let demands: [Transfer.Demand]
  /// At less, a leg wouldn't come to its end.
  let leastRates: [Double]
  /// With the links to itself, from start to end.
  let aloneSeconds: [Double]
  /// The links that a leg uses; the same twice where it is one.
  let links: [(Int, Int)]
  let capacities: [Double]
  /// Legs that may use a link at once.
  let mostSenders: [Int]
  /// Of a leg that leaves its site, the number of the pair; else nil.
  let pairs: [Int?]
  let pairCount: Int
  /// The leg that has to end before; nil: none.
  let predecessors: [Int?]
  /// What crosses between sites before the first leg, bytes per second, and its price per second.
  let crossing: Crossing

  /// Traffic between sites.
  struct Crossing {
    var bytes = 0.0
    var price = 0.0

    mutating func add(_ bytes: Double, at price: Double) {
      self.bytes += bytes
      self.price += bytes * price
    }
  }

  /// - Parameter legs: each possible alone; those of one VM in their order.
  init(_ legs: [Leg], rooms: MoveRooms, in instance: PlacementInstance, limits: MoveLimits) {
    (self.instance, self.limits, self.legs, self.rooms) = (instance, limits, legs, rooms)
    demands = legs.map { Transfer.Demand(instance.vms[$0.vm]) }
    aloneSeconds = legs.map {
      ((try? instance.migration(of: $0).get().seconds) ?? 0) + Migration.switchSeconds
    }
    leastRates = legs.map {
      Migration.leastBandwidth(
        of: instance.vms[$0.vm], below: instance.bandwidth(from: $0.from, to: $0.to))
    }
    var numbers: [[Int]: Int] = [:]
    var capacities: [Double] = []
    var mostSenders: [Int] = []
    func link(_ key: [Int], _ capacity: Double, _ most: Int) -> Int {
      if let known = numbers[key] { return known }
      numbers[key] = capacities.count
      capacities.append(capacity)
      mostSenders.append(most)
      return capacities.count - 1
    }
    var pairNumbers: [[Int]: Int] = [:]
    var links: [(Int, Int)] = []
    var pairs: [Int?] = []
    for leg in legs {
      let (from, to) = (instance.hostSites[leg.from], instance.hostSites[leg.to])
      let capacity = instance.bandwidth(from: leg.from, to: leg.to)
      if from == to {
        links.append((link([0, leg.from], capacity, .max), link([1, leg.to], capacity, .max)))
        pairs.append(nil)
      } else {
        let between = link([2, from, to], capacity, limits.perLink)
        links.append((between, between))
        let key = [min(from, to), max(from, to)]
        let number = pairNumbers[key] ?? pairNumbers.count
        pairNumbers[key] = number
        pairs.append(number)
      }
    }
    (self.links, self.capacities, self.mostSenders, self.pairs) = (links, capacities, mostSenders, pairs)
    pairCount = pairNumbers.count
    var last: [Int: Int] = [:]
    predecessors = legs.indices.map { leg in
      defer { last[legs[leg].vm] = leg }
      return last[legs[leg].vm]
    }
    var crossing = Crossing()
    let bytes = PlacementGeometry(instance).crossing(of: rooms.hosts, instance.traffic)
    for index in bytes.indices where bytes[index] > 0 { crossing.add(bytes[index], at: instance.between.egress[index]) }
    self.crossing = crossing
  }

  /// No schedule is shorter: each link and each host has its legs to see off, and a VM's legs come one after another.
  var leastSeconds: Double {
    var sending = [Double](repeating: 0, count: capacities.count)
    var leaving: [Int: Double] = [:]
    var arriving: [Int: Double] = [:]
    var byVM: [Int: Double] = [:]
    for leg in legs.indices {
      let (first, second) = links[leg]
      let seconds = aloneSeconds[leg] - Migration.switchSeconds
      sending[first] += seconds
      if second != first { sending[second] += seconds }
      leaving[legs[leg].from, default: 0] += aloneSeconds[leg] / Double(limits.leavingHost)
      arriving[legs[leg].to, default: 0] += aloneSeconds[leg] / Double(limits.arrivingAtHost)
      byVM[legs[leg].vm, default: 0] += aloneSeconds[leg]
    }
    let busiest = [leaving.values.max(), arriving.values.max(), byVM.values.max()].compactMap { $0 }.max() ?? 0
    return max(busiest, (sending.max() ?? 0) + (legs.isEmpty ? 0 : Migration.switchSeconds))
  }
}
