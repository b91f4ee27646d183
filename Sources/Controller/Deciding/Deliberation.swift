internal import Foundation
package import Model
package import Planning
internal import Traffic

/// Everything that a decision about an application depends on; the same values give the same decision.
package struct Deliberation: Sendable {
  /// As its document has it; where its VMs are and how much they compute comes from what is seen.
  package var application: Application
  package var federation: FederationInForce
  package var situation: Situation
  /// Where plans of other applications take VMs just now.
  package var arriving: [String: Set<String>]
  package var settings: DecisionSettings
  package var now: Timestamp
  /// What decisions before this one have left.
  package var memory: ActionMemory
  /// Bytes per second that moves have had between sites.
  package var moveRates: [OrderedPair: Double] = [:]
  /// What moves of it have shown; counts where its document doesn't state it.
  package var calibration: WaitCalibration?

  package init(
    application: Application, federation: FederationInForce, situation: Situation, arriving: [String: Set<String>] = [:],
    settings: DecisionSettings, memory: ActionMemory = ActionMemory(), now: Timestamp
  ) {
    self.arriving = arriving
    self.application = application
    self.federation = federation
    self.situation = situation
    self.settings = settings
    self.now = now
    self.memory = memory
  }

  /// What to do, and what it was concluded from.
  package struct Decision: Sendable {
    package enum Outcome: Sendable {
      /// Nothing can be said yet.
      case wait(String)
      case stay(Plan)
      case move(Plan)
      case infeasible(Plan)
    }
    package var outcome: Outcome
    package var grouping: Grouping?
    /// Packets per second between its VMs.
    package var messageRate: Double?
    /// When its run ends; nil: no plan was made.
    package var forecast: RunForecast?
    /// What isn't seen of it; nil: nothing was looked at.
    package var view: PartialView?
    /// For the decision after this one; nil: nothing was seen.
    package var memory: ActionMemory?

    /// `stay`, `move` or `infeasible`.
    package var word: String {
      switch outcome {
      case .wait, .stay: "stay"
      case .move: "move"
      case .infeasible: "infeasible"
      }
    }

    package var reason: String {
      switch outcome {
      case .wait(let reason): reason
      case .stay(let plan), .move(let plan): plan.reason
      case .infeasible(let plan): ([plan.reason] + plan.clash).joined(separator: "; ")
      }
    }
  }

  /// Its VMs, and what else is said to be somewhere.
  package var known: Set<Endpoint> {
    vms.union(application.endpoints.flatMap { Endpoint.all(named: $0.name, addresses: $0.addresses) })
  }

  private var vms: Set<Endpoint> { Set(application.vms.map { Endpoint.name($0.name) }) }

  /// Why nothing can be planned with one of its VMs now; nil: all run where they are.
  package var obstacle: String? { application.vms.lazy.compactMap { situation.obstacle(of: $0.name) }.first }

  /// Senses, groups, plans.
  package func decide(on window: DecisionWindow) -> Decision {
    let all = window.matrix(of: vms)
    // Whoever else it talks to stays where it is, and isn't known to be anywhere.
    let matrix = all.among(known)
    let between = all.among(vms)
    var decision = Decision(
      outcome: .wait(""), grouping: communicationGroups(of: between),
      messageRate: between.rows.reduce(0) { $0 + $1.packets } / (between.windowSeconds ?? 1))
    decision.outcome = outcome(matrix, window, of: all, &decision)
    return decision
  }

  private func outcome(
    _ matrix: TrafficMatrix, _ window: DecisionWindow, of all: TrafficMatrix, _ decision: inout Decision
  ) -> Decision.Outcome {
    if let obstacle { return .wait(obstacle) }
    var present = application
    present.waitFactor = application.waitFactor ?? calibration?.factor
    for index in present.vms.indices {
      let name = present.vms[index].name
      present.vms[index].host = situation.host(of: name)
      if let host = present.vms[index].host {
        present.vms[index].staysBecause = situation.holds[host]?.words(of: host)
      }
      // What its document says is said of purpose.
      present.vms[index].managedBy = present.vms[index].managedBy ?? situation.vms[name]?.manager
      if let cpu = window.cpu(of: name) { present.vms[index].cpu = cpu }
      if present.vms[index].memoryGiB == 0, let memory = situation.vms[name]?.memory {
        present.vms[index].memoryGiB = Double(memory) / 0x1p30
      }
      if let blind = window.periods.first(where: { $0.hosts(of: name).isEmpty }) {
        decision.view = PartialView(vms: [name])
        return .wait("data incomplete: nobody reported of \(name) for the period of \(blind.period.start)")
      }
      let places = Set(window.periods.lazy.flatMap { $0.hosts(of: name) })
      if let elsewhere = places.first(where: { $0 != present.vms[index].host }) {
        let seconds = Int(window.periods.reduce(0) { $0 + $1.period.seconds })
        return .wait("\(name) was at \(elsewhere) in a part of the \(seconds) s that a decision needs")
      }
      if let unknown = window.periods.lazy.compactMap({ $0.facts(of: name)?.unknown }).first {
        return .wait("the traffic of \(name) isn't all seen: \(unknown)")
      }
    }
    var room = federation.room(for: Set(application.vms.map(\.name)), in: situation, arriving: arriving)
    room.keep(present.vms, at: situation.holds)
    room.keepManaged(present.vms)
    room.moveRates = moveRates
    do {
      var planner = try Planner(
        federation: room, application: present, traffic: matrix, windowSeconds: matrix.windowSeconds ?? 1, now: now,
        task: .move)
      // What a VM dirties is seldom known: side by side over one link, moves might never end.
      planner.moveLimits.perLink = 1
      var view = PartialView(of: application, in: all)
      // Each was reported of: one without traffic has none.
      view.vms = []
      planner.view = view
      var plan = try planner.plan(within: SearchLimits(seconds: settings.searchSeconds))
      let others = all.rows.count - matrix.rows.count
      if others > 0 {
        plan.warnings.append("traffic with endpoints that the application doesn't list is left out (\(others) rows)")
      }
      (decision.forecast, decision.view) = (plan.forecast, plan.view)
      plan.reason = ([plan.reason] + planner.instance.keptInWords + knowledge(plan.forecast) + situation.holdsInWords)
        .joined(separator: "; ")
      switch plan.decision {
      case .infeasible: return .infeasible(plan)
      case .move where plan.orderable:
        let waits = patience(with: plan, of: planner.instance, window, &decision)
        return waits.map { .wait("\($0); then: \(plan.reason)") } ?? .move(plan)
      case .move:
        return .wait("a better placement is known, but can't be reached: \(plan.orderReason ?? "no order of moves fits")")
      case .stay, .place:
        _ = patience(with: plan, of: planner.instance, window, &decision)
        return .stay(plan)
      }
    } catch let error as PlacementError {
      return .wait("no plan can be made: \(error)")
    } catch {
      return .wait("\(error)")
    }
  }

  /// How long it still runs, where it isn't a service, and what moves have shown.
  private func knowledge(_ forecast: RunForecast) -> [String] {
    let run = forecast.chosen.map { "it runs for \($0.words) more (\($0.basis))" }
    return [run, application.waitFactor == nil ? calibration?.words : nil].compactMap(\.self)
  }

  /// Counts what staying loses. Why a plan isn't to be carried out yet; nil: it is.
  private func patience(
    with plan: Plan, of instance: PlacementInstance, _ window: DecisionWindow, _ decision: inout Decision
  ) -> String? {
    guard let present = instance.present else { return nil }
    let indices = Dictionary(instance.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    let best = zip(instance.vms, present).map { vm, host in plan.placement[vm.name].flatMap { indices[$0] } ?? host }
    var memory = memory
    memory.observe(instance, best: best, span: window.periods.reduce(0) { $0 + $1.period.seconds }, at: now)
    let before = PlacementEvaluation(of: present, in: instance)
    let stake = Stake(from: before, to: PlacementEvaluation(of: best, in: instance), in: instance)
    let verdict = memory.verdict(price: stake.price, mends: !plan.canStay, at: now)
    decision.memory = memory
    return ActionMemory.words(verdict, objective: instance.objective)
  }
}

extension TrafficMatrix {
  /// The rows of which both ends are among the endpoints.
  fileprivate func among(_ endpoints: Set<Endpoint>) -> TrafficMatrix {
    TrafficMatrix(
      rows: rows.lazy.filter { endpoints.contains($0.source) && endpoints.contains($0.destination) },
      hasWaits: hasWaits, windowSeconds: windowSeconds)
  }
}
