import Documents
import Foundation
import Model
import Planning
import Testing

/// Plans against the documents that `Tests/Enumeration` found by trying every placement, with formulas written down
/// apart from these. `fixtures.json` there is the output of `fixtures.py`.
@Suite struct EnumeratedPlanTests {
  @Test(arguments: try Entry.all()) func equalsTheEnumeration(_ entry: Entry) throws {
    let plan = try entry.planner().plan(within: .steps, needsMinimumGain: !entry.options.noMinimumGain)
    let expected = entry.expected
    #expect(plan.decision.rawValue == expected.decision)
    #expect(plan.solution.proven)
    #expect(!plan.reason.isEmpty)
    #expect(plan.clash.isEmpty == (expected.decision != "infeasible"))
    guard let after = expected.after else { return }
    #expect(plan.placement == expected.placement)
    #expect(plan.after.map { $0.isNear(after) } == true)
    #expect((plan.before == nil) == (expected.before == nil))
    if let before = expected.before { #expect(plan.before.map { $0.isNear(before) } == true) }
    #expect(plan.moves.map(\.order) == plan.moves.indices.map { $0 + 1 })
    let moves = Dictionary(uniqueKeysWithValues: plan.moves.map { ($0.vm, $0) })
    #expect(Set(moves.keys) == Set(expected.moves?.map(\.vm) ?? []))
    for move in expected.moves ?? [] { #expect(moves[move.vm].map(move.isNear) == true) }
    #expect(plan.orderable == expected.orderable ?? true)
  }
}

struct Entry: Decodable, Sendable, CustomTestStringConvertible {
  struct Options: Decodable {
    let mode: String
    let at: String
    let window: Double
    let objective: String?
    let noMinimumGain: Bool
    let ignoreUnknown: Bool
  }

  struct Expected: Decodable {
    let decision: String
    let placement: [String: String]?
    let moves: [Move]?
    let before: Outcome?
    let after: Outcome?
    let orderable: Bool?
  }

  struct Move: Decodable {
    let vm: String
    let from: String
    let to: String
    let transferBytes: Double
    let transferSeconds: Double
    let downtimeSeconds: Double

    func isNear(_ move: Plan.Move) -> Bool {
      move.from == from && move.to == to && near(move.transferBytes, transferBytes)
        && near(move.transferSeconds, transferSeconds) && near(move.downtimeSeconds, downtimeSeconds)
    }
  }

  struct Outcome: Decodable {
    struct Cost: Decodable {
      let hosting: Double
      let egress: Double
      let migration: Double
      let total: Double
    }
    let seconds: Double
    let slowdown: Double
    let watts: Double
    let cost: Cost
  }

  let options: Options
  let expected: Expected
  let traffic: String
  /// The documents, as JSON.
  var federation = ""
  var application = ""
  var number = 0

  private enum CodingKeys: String, CodingKey { case options, expected, traffic }

  var testDescription: String { "\(options.mode) \(number): \(expected.decision)" }

  static func all() throws -> [Entry] {
    let file = URL(filePath: #filePath).appending(path: "../../../Enumeration/fixtures.json").standardized
    let data = try Data(contentsOf: file)
    let documents = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    return try zip(JSONDecoder().decode([Entry].self, from: data), documents).enumerated().map { number, pair in
      var (entry, document) = pair
      func text(_ key: String) throws -> String {
        try String(decoding: JSONSerialization.data(withJSONObject: #require(document[key])), as: UTF8.self)
      }
      entry.number = number
      entry.federation = try text("federation")
      entry.application = try text("application")
      document = [:]
      return entry
    }
  }

  /// - Parameter change: to the documents' values before they are planned with.
  func planner(_ change: (inout Federation, inout Application) -> Void = { _, _ in }) throws -> Planner {
    var federation = try FederationDocument.parse(federation, file: "federation.yaml").federation
    var application = try ApplicationDocument.parse(application, file: "application.yaml").application
    change(&federation, &application)
    return try Planner(
      federation: federation, application: application,
      traffic: MatrixDocument.parse(traffic, file: "traffic.csv", windowSeconds: options.window),
      windowSeconds: options.window, now: #require(Timestamp(options.at)),
      task: options.mode == "plan" ? .move : .place,
      objective: options.objective.map { try #require(Objective(rawValue: $0)) },
      ignoreUnknown: options.ignoreUnknown)
  }
}

extension Plan.Outcome {
  func isNear(_ other: Entry.Outcome) -> Bool {
    near(seconds, other.seconds) && near(slowdown, other.slowdown) && near(watts, other.watts)
      && near(cost.hosting, other.cost.hosting) && near(cost.egress, other.cost.egress)
      && near(cost.migration, other.cost.migration) && near(cost.total, other.cost.total)
  }
}

func near(_ left: Double, _ right: Double) -> Bool { abs(left - right) <= 1e-9 * max(abs(left), abs(right)) }
