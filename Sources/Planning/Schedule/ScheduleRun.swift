import Model

/// Legs under way, from event to event. A leg starts when it is told to; all else follows.
struct ScheduleRun {
  /// What became of a leg. Seconds from the beginning of all.
  struct Record {
    var start = 0.0
    /// The last byte has crossed.
    var sent = 0.0
    /// The VM runs at its new place, and the old one is free.
    var end = 0.0
    var bytes = 0.0
    var stoppedSeconds = 0.0
  }

  /// A leg that is sent.
  private struct Sending {
    var transfer: Transfer
    var rate: Double
    var since: Double
    var outlook: Transfer.Outlook
  }

  let problem: ScheduleProblem
  private(set) var rooms: MoveRooms
  private(set) var time = 0.0
  private(set) var records: [Record]
  /// What has crossed between sites until now, and its price.
  private(set) var crossed = ScheduleProblem.Crossing()
  private var crossing: ScheduleProblem.Crossing
  /// By leg; nil before and after.
  private var sending: [Sending?]
  /// The legs that are sent over each link.
  private var onLink: [[Int]]
  /// When legs have been sent, and when they have ended.
  private var events: Appointments
  private var underWay = 0
  private var hasEnded: [Bool]
  private var leaving: [Int]
  private var arriving: [Int]
  private var onPair: [Int]

  init(_ problem: ScheduleProblem) {
    self.problem = problem
    rooms = problem.rooms
    crossing = problem.crossing
    records = Array(repeating: Record(), count: problem.legs.count)
    hasEnded = Array(repeating: false, count: problem.legs.count)
    leaving = Array(repeating: 0, count: problem.instance.hosts.count)
    arriving = leaving
    sending = Array(repeating: nil, count: problem.legs.count)
    onLink = Array(repeating: [], count: problem.capacities.count)
    events = Appointments(count: problem.legs.count)
    onPair = Array(repeating: 0, count: problem.pairCount)
  }

  var isIdle: Bool { underWay == 0 }

  // MARK: - Starting

  /// Whether a leg may start now.
  ///
  /// - Parameter alone: it waits until nothing else is sent over its links.
  func canStart(_ index: Int, alone: Bool) -> Bool {
    let leg = problem.legs[index]
    if let before = problem.predecessors[index], !hasEnded[before] { return false }
    guard leaving[leg.from] < problem.limits.leavingHost, arriving[leg.to] < problem.limits.arrivingAtHost else {
      return false
    }
    if let pair = problem.pairs[index], onPair[pair] >= problem.limits.perSitePair { return false }
    let (first, second) = problem.links[index]
    let others = max(onLink[first].count, onLink[second].count)
    if others > 0, alone || others >= min(problem.mostSenders[first], problem.mostSenders[second]) { return false }
    return rooms.fits(leg.vm, to: leg.to) && (others == 0 || leavesEnough(beside: index))
  }

  /// Whether this leg, and those that would share links with it, would still come to their ends.
  private func leavesEnough(beside index: Int) -> Bool {
    let (first, second) = problem.links[index]
    func share(_ link: Int) -> Double {
      problem.capacities[link] / Double(onLink[link].count + (link == first || link == second ? 1 : 0))
    }
    func isEnough(_ leg: Int) -> Bool {
      min(share(problem.links[leg].0), share(problem.links[leg].1)) >= problem.leastRates[leg]
    }
    return isEnough(index) && onLink[first].allSatisfy(isEnough) && onLink[second].allSatisfy(isEnough)
  }

  mutating func start(_ index: Int) {
    let leg = problem.legs[index]
    rooms.begin(leg.vm, to: leg.to)
    leaving[leg.from] += 1
    arriving[leg.to] += 1
    underWay += 1
    if let pair = problem.pairs[index] { onPair[pair] += 1 }
    records[index].start = time
    let (first, second) = problem.links[index]
    onLink[first].append(index)
    if second != first { onLink[second].append(index) }
    sending[index] = Sending(
      transfer: Transfer(problem.demands[index]), rate: 0, since: time, outlook: Transfer.Outlook(bytes: 0))
    changeRates(on: [first, second])
  }

  /// The legs on these links go on at other rates.
  private mutating func changeRates(on links: [Int]) {
    for link in links {
      for index in onLink[link] {
        let (first, second) = problem.links[index]
        let rate = min(
          problem.capacities[first] / Double(onLink[first].count),
          problem.capacities[second] / Double(onLink[second].count))
        guard let one = sending[index], rate != one.rate else { continue }
        sending[index]?.transfer.advance(by: time - one.since, at: one.rate)
        sending[index]?.since = time
        sending[index]?.rate = rate
        guard let outlook = sending[index]?.transfer.outlook(at: rate) else { continue }
        sending[index]?.outlook = outlook
        events.put(index, at: time + outlook.seconds)
      }
    }
  }

  // MARK: - Events

  /// Goes on to the next instant at which a leg has been sent or has ended.
  mutating func advance() {
    guard let next = events.next() else { return }
    // Sums and differences leave crumbs.
    if crossing.bytes > 1e-6 {
      crossed.bytes += crossing.bytes * (next - time)
      crossed.price += crossing.price * (next - time)
    }
    time = next
    // Events that only rounding keeps apart are one.
    let now = events.take(until: next + 1e-9 * max(1, next))
    for index in now where sending[index] == nil { end(index) }
    var links: [Int] = []
    for index in now {
      guard let one = sending[index] else { continue }
      sending[index] = nil
      let (first, second) = problem.links[index]
      onLink[first].removeAll { $0 == index }
      onLink[second].removeAll { $0 == index }
      links += [first, second]
      records[index].sent = time
      records[index].bytes = one.outlook.bytes
      records[index].stoppedSeconds = one.outlook.stoppedSeconds + Migration.switchSeconds
      events.put(index, at: time + Migration.switchSeconds)
    }
    changeRates(on: links)
  }

  private mutating func end(_ index: Int) {
    let leg = problem.legs[index]
    records[index].end = time
    hasEnded[index] = true
    underWay -= 1
    leaving[leg.from] -= 1
    arriving[leg.to] -= 1
    if let pair = problem.pairs[index] { onPair[pair] -= 1 }
    count(leg.vm, -1)
    rooms.end(leg.vm)
    count(leg.vm, 1)
  }

  /// Adds or takes away what a VM's traffic has crossing between sites.
  private mutating func count(_ vm: Int, _ sign: Double) {
    let instance = problem.instance
    let (traffic, between) = (instance.traffic, instance.between)
    let here = instance.hostSites[rooms.hosts[vm]]
    for entry in traffic.entries(of: vm) {
      let peer = traffic.peers[entry]
      let there =
        peer < rooms.hosts.count
        ? instance.hostSites[rooms.hosts[peer]] : instance.endpointSites[peer - rooms.hosts.count]
      guard here != there else { continue }
      crossing.add(sign * traffic.bytesOut[entry], at: between.egress[between.index(from: here, to: there)])
      crossing.add(sign * traffic.bytesIn[entry], at: between.egress[between.index(from: there, to: here)])
    }
  }
}
