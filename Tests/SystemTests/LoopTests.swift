import Foundation
import Testing

extension SystemTests {
  /// What `get plans --format json` prints.
  private struct Plans: Decodable {
    struct Plan: Decodable {
      struct Step: Decodable {
        var vm: String
        var to: String
        var state: String
      }
      var state: String
      var stateReason: String?
      var predictedGain: Double
      var achievedGain: Double?
      var steps: [Step]
    }
    var plans: [Plan]
  }

  /// What `get applications --format json` prints.
  private struct Applications: Decodable {
    struct Application: Decodable {
      var name: String
      var decision: String
      var reason: String
    }
    var applications: [Application]
  }

  /// Two guests that wait for each other over two sites are sensed, planned and brought together; then all stays, also
  /// when an operator ends one of them.
  @Test func aTornApplicationIsBroughtTogether() async throws {
    try await SmallLab.with(period: 5) { lab in
      let before = lab.progress()
      let document = lab.folder.appending(path: "ring.yaml")
      try Data("{name: ring, objective: time, vms: [{name: vm1}, {name: vm2}]}".utf8).write(to: document)
      let apply = try await lab.run("apply", "-f", document.path, "--mode", "automatic")
      try #require(apply.code == 0, "\(apply.error)\(lab.logs)")

      var plans: [Plans.Plan] = []
      try await lab.wait("the plan to be carried out and judged", polls: 180) {
        plans = try await lab.run("get", "plans", "--format", "json").json(Plans.self).plans
        return plans.first?.state == "done"
      }
      let plan = try #require(plans.first)
      #expect(plan.steps.map(\.state) == ["done"])
      #expect(plan.predictedGain > 1.05 && (plan.achievedGain ?? 0) > 1.05, "\(plan)")
      let step = try #require(plan.steps.first)
      let places = try await lab.places()
      let host = places.only("vm1", tap: Self.tap)
      #expect(host != nil && places.only("vm2", tap: "th525400000102") == host && step.to == host, "\(places)")
      try await lab.expectWork(since: before)

      // Two further periods: what is together isn't moved again.
      try await Task.sleep(for: .seconds(11))
      let later = try await lab.run("get", "plans", "--format", "json").json(Plans.self).plans
      #expect(later.count == 1, "\(later)")

      try await expectFirstPlacement(lab)

      let destroy = try await lab.run("lab", "exec", host ?? "", "--", "virsh", "destroy", "vm1")
      try #require(destroy.code == 0, "\(destroy.error)")
      try await lab.wait("the loop to see that vm1 was ended", polls: 60) {
        let seen = try await lab.run("get", "applications", "--format", "json").json(Applications.self).applications
        return seen.first { $0.name == "ring" }.map { $0.decision == "stay" && $0.reason.hasPrefix("vm1 is ") } ?? false
      }
      #expect(try await lab.run("get", "plans", "--format", "json").json(Plans.self).plans.count == 1)
    }
  }
}
