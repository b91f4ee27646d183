internal import Foundation
package import Wire

/// Which steps of a plan may go on at the same time: each begins after those before it, once what it waits for is done.
///
/// It is read from the plan's document, so that a controller that takes a plan over goes on in the same way. Where that
/// says nothing, as in plans of older controllers, the steps go one after another.
package struct StepOrder {
  /// Of each step, what must be done before it begins; rising, without the same twice.
  package let waitsFor: [[Int]]

  private struct Document: Decodable {
    struct Move: Decodable {
      let vm: String
      let to: String
      let after: [Int]?
      let startSeconds: Double?
    }
    let moves: [Move]
  }

  package init(_ record: PlanRecord) {
    let moves = (try? JSONDecoder().decode(Document.self, from: Data(record.document.utf8)))?.moves ?? []
    let isTimed =
      moves.map { [$0.vm, $0.to] } == record.steps.map { [$0.vm, $0.to] }
      && moves.allSatisfy { $0.after != nil && $0.startSeconds != nil }
    guard isTimed else {
      waitsFor = record.steps.indices.map { Array(0..<$0) }
      return
    }
    var ended: Set<Int> = []
    waitsFor = moves.indices.map { index in
      ended.formUnion((moves[index].after ?? []).map { $0 - 1 }.filter { (0..<index).contains($0) })
      return ended.sorted()
    }
  }
}
