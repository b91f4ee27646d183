package import Model
internal import Planning

/// One run's course of events: what a scenario becomes under a seed. The same for every policy.
package struct Course: Sendable {
  package let scenario: Scenario
  package let seed: UInt64
  /// When services end, seconds from the start.
  package let end: Double
  /// What happens to sites, by time.
  package let changes: [SiteChange]
  package let jobs: [Job]
  /// Sites as they are at the start.
  package let sites: [SiteState]

  package init(of scenario: Scenario, seed: UInt64) {
    self.scenario = scenario
    self.seed = seed
    end = scenario.hours * 3600
    var random = SplitMix64(seed: seed)
    let timeline = Timeline(scenario, random: &random)
    changes = timeline.sorted
    sites = timeline.sites
    var jobs: [Job] = []
    for pattern in scenario.applications {
      for number in 0..<pattern.count {
        jobs.append(Job(pattern, number: number, jitter: scenario.jitter, end: end, random: &random))
      }
    }
    self.jobs = jobs
  }

  /// What its applications are judged by: their objective, money where they have several.
  package var objective: Objective {
    let all = Set(jobs.map(\.pattern.objective))
    return all.count == 1 ? all.first ?? .cost : .cost
  }

  package func instant(_ seconds: Double) -> Timestamp { scenario.start.advanced(bySeconds: seconds) }
}

/// What happens to a site at an instant.
package struct SiteChange: Hashable, Sendable {
  /// From the start.
  package var seconds: Double
  package var site: Int
  package var kind: Kind

  package enum Kind: Hashable, Sendable {
    case price(Price)
    case speed(Double)
    /// From now on it is known that it closes, seconds from the start.
    case notice(closes: Double)
    case close
    case open
    case fail
    case recover

    var isNotice: Bool { if case .notice = self { true } else { false } }
  }
}

/// A site at an instant.
package struct SiteState: Hashable, Sendable {
  package var price: Price
  /// Of its hosts; nil: their own.
  package var speed: Double?
  package var isOpen: Bool
  package var hasFailed = false
  /// Seconds from the start; nil: not known to close.
  package var closes: Double?

  /// Whether VMs run there.
  package var isUp: Bool { isOpen && !hasFailed }

  package mutating func apply(_ change: SiteChange.Kind) {
    switch change {
    case .price(let price): self.price = price
    case .speed(let speed): self.speed = speed
    case .notice(let seconds): closes = seconds
    case .close: (isOpen, closes) = (false, nil)
    case .open: (isOpen, closes) = (true, nil)
    case .fail: hasFailed = true
    case .recover: hasFailed = false
    }
  }
}

/// The events of a scenario, each at its time: those of a site are all stretched by one factor, so that they stay in
/// their order.
private struct Timeline {
  var sites: [SiteState]
  private var changes: [SiteChange] = []

  init(_ scenario: Scenario, random: inout SplitMix64) {
    let names = scenario.federation.sites.map(\.name)
    sites = scenario.federation.sites.map { SiteState(price: $0.price, isOpen: true) }
    let stretch = names.map { _ in random.factor(scenario.jitter) * 3600 }
    for (index, site) in scenario.federation.sites.enumerated() {
      guard let until = site.availableUntil else { continue }
      let seconds = scenario.start.seconds(until: until) * stretch[index] / 3600
      sites[index].closes = seconds
      changes.append(SiteChange(seconds: seconds, site: index, kind: .close))
    }
    for event in scenario.events {
      guard let site = names.firstIndex(of: event.site) else { continue }
      let factor = random.factor(scenario.jitter)
      for turn in 0..<event.times {
        let hours = event.atHours + Double(turn) * event.everyHours
        add(event.change, at: hours * stretch[site], site, stretch[site], factor)
      }
    }
    putOffNotices()
    for site in sites.indices {
      let openings = changes.filter { $0.site == site && [.open, .close].contains($0.kind) }
      if openings.min(by: { $0.seconds < $1.seconds })?.kind == .open { sites[site].isOpen = false }
    }
  }

  private mutating func add(
    _ change: Scenario.Change, at seconds: Double, _ site: Int, _ stretch: Double, _ factor: Double
  ) {
    let append = { (seconds: Double, kind: SiteChange.Kind) -> SiteChange in
      SiteChange(seconds: seconds, site: site, kind: kind)
    }
    switch change {
    case .price(let price): changes.append(append(seconds, .price(price * factor)))
    case .speed(let speed): changes.append(append(seconds, .speed(speed * factor)))
    case .opens: changes.append(append(seconds, .open))
    case .closes(let notice, let hours):
      if notice > 0 { changes.append(append(max(0, seconds - notice * 60), .notice(closes: seconds))) }
      changes.append(append(seconds, .close))
      if let hours { changes.append(append(seconds + hours * stretch, .open)) }
    case .fails(let hours):
      changes.append(append(seconds, .fail))
      changes.append(append(seconds + hours * stretch, .recover))
    }
  }

  /// What is known of a closing before the one before it is over counts from the opening between them.
  private mutating func putOffNotices() {
    var openings = sites.map { _ in [Double]() }
    for change in changes where change.kind == .open { openings[change.site].append(change.seconds) }
    for site in openings.indices { openings[site].sort() }
    for index in changes.indices {
      guard case .notice(let closes) = changes[index].kind else { continue }
      let before = openings[changes[index].site]
      var (low, high) = (0, before.count)
      while low < high {
        let middle = (low + high) / 2
        if before[middle] < closes { low = middle + 1 } else { high = middle }
      }
      if low > 0 { changes[index].seconds = max(changes[index].seconds, before[low - 1]) }
    }
  }

  /// By time; of one instant in the order of the file, but what is known from an opening on after that.
  var sorted: [SiteChange] {
    changes.enumerated().sorted {
      ($0.element.seconds, $0.element.kind.isNotice ? 1 : 0, $0.offset)
        < ($1.element.seconds, $1.element.kind.isNotice ? 1 : 0, $1.offset)
    }.map(\.element)
  }
}

extension Price {
  static func * (price: Price, factor: Double) -> Price {
    Price(
      vmHour: price.vmHour * factor, vcpuHour: price.vcpuHour * factor, memoryGiBHour: price.memoryGiBHour * factor)
  }
}

extension SplitMix64 {
  /// 1 − jitter … 1 + jitter.
  mutating func factor(_ jitter: Double) -> Double { 1 + jitter * (2 * nextShare() - 1) }
}
