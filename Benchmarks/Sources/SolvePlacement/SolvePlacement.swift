import Documents
import Foundation
import Model
import Planning

/// Solves planning questions made by `instances.py` and prints one line each:
/// value of the objective, that of the planted placement, bound, seconds to read and to solve, method.
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
    let seconds = start.duration(to: .now) / .seconds(1)
    var line = [name.padding(toLength: 18, withPad: " ", startingAt: 0)]
    if let placement = solution.placement {
      let value = instance.key(of: PlacementEvaluation(of: placement, in: instance)).first
      line.append("value \(value)" + (options.cut.map { " cut \((value / $0 * 1000).rounded() / 1000)" } ?? ""))
    } else {
      line.append("none found")
    }
    if let present = instance.present { line.append("stay " + describe(present)) }
    if let planted {
      let index = Dictionary(uniqueKeysWithValues: instance.hosts.enumerated().map { ($1.name, $0) })
      line.append("planted " + describe(instance.vms.compactMap { planted[$0.name].flatMap { index[$0] } }))
    }
    line.append("gap \(solution.gap.map { "\($0)" } ?? "unknown")\(solution.proven ? " proven" : "")")
    line.append("read \((readSeconds * 100).rounded() / 100) s solve \((seconds * 100).rounded() / 100) s")
    line.append(solution.method)
    print(line.joined(separator: "  "))
  }

  private func describe(_ placement: [Int]) -> String {
    let evaluation = PlacementEvaluation(of: placement, in: instance)
    let broken = evaluation.isFeasible ? "" : " (breaks \(evaluation.violations[0]))"
    return "\(instance.key(of: evaluation).first)" + broken
  }
}
