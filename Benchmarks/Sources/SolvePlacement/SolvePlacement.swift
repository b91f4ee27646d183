import Documents
import Foundation
import Model
import Planning

/// Solves planning questions made by `instances.py` and prints a line of JSON for each (`Result`).
///
///     SolvePlacement [--seconds 10] [--seed 1] DIRECTORY…
@main struct SolvePlacement {
  static func main() throws {
    var seconds = 10.0
    var seed: UInt64 = 1
    var directories: [String] = []
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--seconds": seconds = arguments.popFirst().flatMap(Double.init) ?? seconds
      case "--seed": seed = arguments.popFirst().flatMap(UInt64.init) ?? seed
      default: directories.append(argument)
      }
    }
    for directory in directories {
      try Question(directory).run(SearchLimits(seconds: seconds, seed: seed))
    }
  }
}

/// The files of one question.
struct Question {
  struct Options: Decodable {
    let task: String
    let window: Double
    /// Of a bisection: what one edge that is cut costs.
    let cut: Double?
  }

  let name: String
  let options: Options
  let instance: PlacementInstance
  let planted: [String: String]?
  let readSeconds: Double

  init(_ directory: String) throws {
    let start = ContinuousClock.now
    let url = URL(filePath: directory)
    let bytes = { (name: String) in [UInt8](try Data(contentsOf: url.appending(path: name))) }
    name = url.lastPathComponent
    options = try JSONDecoder().decode(Options.self, from: Data(bytes("options.json")))
    planted = try? JSONDecoder().decode([String: String].self, from: Data(bytes("planted.json")))
    let federation = try FederationDocument.parse(bytes("federation.yaml"), file: "federation.yaml").federation
    let application = try ApplicationDocument.parse(bytes("application.yaml"), file: "application.yaml").application
    let traffic = try MatrixDocument.parse(bytes("traffic.csv"), file: "traffic.csv")
    instance = try PlacementInstance(
      federation: federation, application: application, traffic: traffic, windowSeconds: options.window,
      now: Timestamp(nanoseconds: 0), task: options.task == "place" ? .place : .move)
    readSeconds = start.duration(to: .now) / .seconds(1)
  }

  func run(_ limits: SearchLimits) throws {
    let start = ContinuousClock.now
    let solution = PlacementSolver(limits: limits).solve(instance)
    var result = Result(
      name: name, gap: solution.gap, proven: solution.proven, method: solution.method, readSeconds: readSeconds,
      solveSeconds: start.duration(to: .now) / .seconds(1))
    if let placement = solution.placement {
      let value = score(placement).value
      (result.value, result.edgesCut) = (value, options.cut.map { value / $0 })
    }
    if let present = instance.present { (result.stay, result.stayIsFeasible) = score(present) }
    if let planted {
      let index = Dictionary(uniqueKeysWithValues: instance.hosts.enumerated().map { ($1.name, $0) })
      let placement = instance.vms.compactMap { planted[$0.name].flatMap { index[$0] } }
      (result.planted, result.plantedIsFeasible) = score(placement)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(result), as: UTF8.self))
  }

  /// What the objective compares first, and whether the placement breaks nothing.
  private func score(_ placement: [Int]) -> (value: Double, isFeasible: Bool) {
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    return (instance.key(of: evaluation).first, evaluation.isFeasible)
  }
}

/// One line of output; values are of what the objective compares first.
struct Result: Encodable {
  let name: String
  var value: Double?
  /// Of a bisection.
  var edgesCut: Double?
  var stay: Double?
  var stayIsFeasible: Bool?
  var planted: Double?
  var plantedIsFeasible: Bool?
  let gap: Double?
  let proven: Bool
  let method: String
  let readSeconds: Double
  let solveSeconds: Double
}
