internal import Model
internal import Planning

/// Works out, for one application that knows the whole course, when it had best be where: dynamic programming over
/// instants and placements.
///
/// Placements are those that any policy had in the same course, and the planner's best for every state of sites and
/// phase that occurs. Moves are taken as made at once, at their price; the schedule that comes out is then played like
/// any policy's, so that its figures are real. Room that other applications take isn't planned for.
struct Oracle {
  let course: Course
  let job: Int
  /// Distinct; the first ones are where it may begin.
  let candidates: [[Int]]
  /// How many of them may be begun with.
  let starts: Int
  /// By when it is over whatever it does, seconds from the start.
  let latest: Double

  /// Instants between which a placement may change, beside those at which something happens.
  static let steps = 48
  /// Ways of having come to a placement that are followed: some have done more, some have paid less.
  static let labels = 5

  private struct Label {
    var value: Double
    var done: Double
    var candidate: Int
    /// In the step before; −1: the beginning.
    var parent: Int
  }

  /// - Returns: nil where no placement among the candidates lasts to the end.
  func schedule() -> SchedulePolicy.Schedule? {
    let description = course.jobs[job]
    let times = instants(of: description)
    var judge = Judge(course, job: job, candidates: candidates)
    var state = course.sites
    var change = 0
    var layers: [[Label]] = []
    var best: (value: Double, layer: Int, label: Label)?
    for (step, time) in times.enumerated() where step + 1 < times.count {
      while change < course.changes.count, course.changes[change].seconds <= time + 1e-6 {
        state[course.changes[change].site].apply(course.changes[change].kind)
        change += 1
      }
      judge.sites = state
      let end = times[step + 1]
      let usable = candidates.indices.filter { isUsable($0, state, until: end) }
      var labels: [Label] = []
      if step == 0 {
        labels = candidates.indices.prefix(starts).filter(usable.contains).map {
          Label(value: 0, done: 0, candidate: $0, parent: -1)
        }
      } else {
        for (parent, label) in layers[step - 1].enumerated() {
          for candidate in usable {
            guard let moved = judge.move(from: label.candidate, to: candidate, at: label.done) else { continue }
            labels.append(
              Label(
                value: label.value + moved.value, done: label.done - moved.lost, candidate: candidate, parent: parent))
          }
        }
        labels = Self.pruned(labels, count: candidates.count)
      }
      for index in labels.indices {
        let run = judge.run(labels[index].candidate, from: labels[index].done, seconds: end - time)
        labels[index].value += run.value
        labels[index].done = run.done
        let isOver = run.isOver || (description.isService && step + 2 == times.count)
        if isOver, best.map({ labels[index].value < $0.value }) ?? true {
          best = (labels[index].value, step, labels[index])
        }
        // What is over isn't followed.
        if isOver { labels[index].value = .infinity }
      }
      layers.append(labels)
    }
    guard let best else { return nil }
    var chain: SchedulePolicy.Schedule = []
    var label = best.label
    for layer in stride(from: best.layer, through: 0, by: -1) {
      chain.append((times[layer], candidates[label.candidate]))
      if layer > 0 { label = layers[layer - 1][label.parent] }
    }
    chain.reverse()
    var schedule: SchedulePolicy.Schedule = []
    for entry in chain where schedule.last?.placement != entry.placement { schedule.append(entry) }
    return schedule
  }

  private func instants(of description: Job) -> [Double] {
    let end = description.isService ? description.ends : latest
    var times: Set<Double> = [description.arrives, end]
    for step in 1..<Self.steps {
      times.insert(description.arrives + (end - description.arrives) * Double(step) / Double(Self.steps))
    }
    for change in course.changes {
      if case .notice = change.kind { continue }
      times.insert(change.seconds)
      if change.kind == .close { times.insert(change.seconds - lead) }
    }
    if description.isService, description.phases.count > 1 {
      var done = 0.0
      while done < end - description.arrives, times.count < 2000 {
        done = description.phase(after: done).ends
        times.insert(description.arrives + done)
      }
    }
    return times.filter { $0 >= description.arrives && $0 <= end }.sorted()
  }

  /// How long before a site closes it is left.
  private var lead: Double {
    let between = PlacementSites(course.scenario.federation)
    let slowest = between.bandwidth.min() ?? .infinity
    let vm = course.jobs[job].application.vms[0]
    let seconds = (try? Migration(of: vm, bandwidth: slowest).seconds) ?? 0
    return seconds * Double(course.jobs[job].count) * 1.2 + 2 * course.scenario.decideSeconds
  }

  /// Not where a site of its is closed, or has closed before its VMs could leave.
  private func isUsable(_ candidate: Int, _ state: [SiteState], until end: Double) -> Bool {
    let (hostSites, own) = (judgeSites, candidates[candidate])
    let sites = Set(own.map { hostSites[$0] })
    if sites.contains(where: { !state[$0].isOpen }) { return false }
    return !course.changes.contains {
      $0.kind == .close && sites.contains($0.site) && $0.seconds > end - lead && $0.seconds - lead < end - 1e-6
    }
  }

  private var judgeSites: [Int] {
    course.scenario.federation.sites.enumerated().flatMap { site, value in value.hosts.map { _ in site } }
  }

  /// Of each placement, those that aren't behind another in both value and work done; a few, spread evenly.
  private static func pruned(_ labels: [Label], count: Int) -> [Label] {
    var kept: [Label] = []
    let groups = Dictionary(grouping: labels.filter { $0.value < .infinity }, by: \.candidate)
    for candidate in 0..<count {
      let sorted = (groups[candidate] ?? []).sorted { ($0.value, -$0.done) < ($1.value, -$1.done) }
      var front: [Label] = []
      for label in sorted where front.last.map({ label.done > $0.done + 1e-9 }) ?? true { front.append(label) }
      if front.count <= Self.labels {
        kept += front
      } else {
        let last = Double(front.count - 1) / Double(Self.labels - 1)
        kept += (0..<Self.labels).map { front[Int((Double($0) * last).rounded())] }
      }
    }
    return kept
  }
}
