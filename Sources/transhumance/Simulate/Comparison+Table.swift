import Drawing
import Foundation
import Model
import Planning
import Simulation

extension Comparison {
  /// The trials of a policy, by seed.
  func trials(of policy: PolicyName) -> [Trial] { trials.filter { $0.policy == policy } }

  /// For people: what each policy comes to.
  func table(of file: String) -> String {
    let hours = Text.duration(scenario.hours * 3600)
    let jobs = scenario.applications.reduce(0) { $0 + $1.count }
    let vms = scenario.applications.reduce(0) { $0 + $1.count * $1.vms }
    let courses = seeds.count == 1 ? "seed \(seeds[0])" : "\(seeds.count) seeds, medians"
    var text = "\(Terminal.styled(file, .bold)): \(hours), \(jobs) application\(jobs == 1 ? "" : "s") of "
    text += "\(Text.grouped(vms)) VMs on \(scenario.federation.sites.count) sites; \(courses)\n\n"
    var table = TextTable([
      ("POLICY", .left), (heading, .right), ("× ORACLE", .right), ("WORST", .right), ("PLANS", .right),
      ("MOVES", .right), ("FAILED", .right), ("LOST VMS", .right), ("STOOD STILL", .right),
    ])
    for policy in policies {
      let trials = trials(of: policy)
      let totals = trials.map(\.total)
      let middle = { (value: (Account) -> Double) in totals.map(value).median ?? 0 }
      let ratios = trials.compactMap(\.ratio)
      let unfinished = totals.contains { !$0.isDone }
      table.append([
        policy.rawValue + (unfinished ? " (unfinished)" : ""), figure(trials.map(\.value).median ?? 0),
        ratios.median.map { Text.decimals($0, 3) } ?? "–", ratios.max().map { Text.decimals($0, 3) } ?? "–",
        Text.significant(middle { Double($0.plans) }), Text.significant(middle { Double($0.moves) }),
        Text.significant(middle { Double($0.failedMoves) }), Text.significant(middle { Double($0.restarts) }),
        Text.duration(middle(\.standing)),
      ])
    }
    return text + table.rendered()
  }

  private var heading: String {
    switch objective {
    case .cost: "COST"
    case .time: "TIME"
    case .resources: "ENERGY"
    }
  }

  private func figure(_ value: Double) -> String {
    switch objective {
    case .cost: Text.decimals(value, 2)
    case .time: Text.duration(value)
    case .resources: Text.significant(value / 3600) + " Wh"
    }
  }

  /// The first course: what each policy had come to by when.
  func chart(of file: String) -> LineChart {
    let unit: (name: String, scale: Double) =
      switch objective {
      case .cost: ("cost", 1)
      case .time: ("hours of all applications", 3600)
      case .resources: ("energy, Wh", 3600)
      }
    let lines = policies.compactMap { policy in
      trials.first { $0.policy == policy }.map { trial in
        let ratio = trial.ratio.map { ", \(Text.decimals($0, 2)) × oracle" } ?? ""
        return LineChart.Series(
          name: policy.rawValue + (policy == .oracle ? "" : ratio),
          points: trial.samples.map { ($0.seconds / 3600, $0.value / unit.scale) })
      }
    }
    return LineChart(
      title: file, facts: ["seed \(seeds.first ?? 0)"], axes: ("hours", unit.name), series: lines)
  }
}
