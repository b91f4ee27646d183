import Foundation
import Model
import Planning

/// Finds the communication groups of a matrix and says how long it took: `GroupMatrix EDGES RUNS`, with EDGES as
/// `Benchmarks/grouping.py` writes them: lines of `source destination packets`, VMs by number, both directions.
///
/// Prints one JSON object: the best of the runs of the two steps (the graph from the sorted rows of a traffic matrix,
/// and the groups that `analyze` finds), the best modularity, which groups were taken from, and the group of each VM.
@main
struct GroupMatrix {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let runs = Int(arguments[2]), runs > 0 else {
      throw UsageError(description: "usage: GroupMatrix EDGES RUNS")
    }
    let matrix = TrafficMatrix(rows: try rows(of: arguments[1]), hasWaits: false)
    let clock = ContinuousClock()
    var build = Duration.seconds(1_000_000)
    var leiden = build
    var graph = TrafficGraph(of: matrix, by: .messages)
    var best = Partition(groups: [])
    var partition = best
    for _ in 0..<runs {
      build = min(build, clock.measure { graph = TrafficGraph(of: matrix, by: .messages) })
      let time = clock.measure {
        best = graph.edges.bestPartition()
        partition = graph.edges.resolved(best)
      }
      leiden = min(leiden, time)
    }
    var groups: [String: Int] = [:]
    for (vertex, group) in zip(graph.vertices, partition.groups) { groups["\(vertex)"] = Int(group) }
    let result = Result(
      vertices: graph.edges.vertexCount, edges: graph.edges.edgeCount, build: build / .seconds(1),
      leiden: leiden / .seconds(1), bestModularity: graph.edges.modularity(of: best), groups: groups)
    print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
  }

  private static func rows(of path: String) throws -> [TrafficMatrix.Row] {
    var rows: [TrafficMatrix.Row] = []
    var numbers: [Int] = []
    var number = 0
    for byte in try Data(contentsOf: URL(filePath: path)) {
      if (0x30...0x39).contains(byte) {
        number = number * 10 + Int(byte - 0x30)
        continue
      }
      numbers.append(number)
      number = 0
      if byte == 0x0a {
        rows.append(
          TrafficMatrix.Row(
            source: .name("vm\(numbers[0])"), destination: .name("vm\(numbers[1])"), packets: Double(numbers[2])))
        numbers.removeAll(keepingCapacity: true)
      }
    }
    return rows
  }
}

struct Result: Encodable {
  var vertices: Int
  var edges: Int
  var build: Double
  var leiden: Double
  var bestModularity: Double
  var groups: [String: Int]
}

struct UsageError: Error, CustomStringConvertible {
  var description: String
}
