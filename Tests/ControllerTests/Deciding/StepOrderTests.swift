import Controller
import SwiftProtobuf
import Testing
import Wire

/// Which steps of a plan wait for which.
@Suite struct StepOrderTests {
  private func record(_ document: String) -> PlanRecord {
    .with {
      $0.document = document
      $0.steps = ["x", "y", "z"].map { vm in
        .with {
          $0.vm = vm
          $0.to = "b1"
        }
      }
    }
  }

  @Test func whatAPlanSaysHoldsForThoseAfterAsWell() {
    let moves = [("x", "[]"), ("y", "[]"), ("z", "[1]")].map {
      #"{"vm": "\#($0)", "to": "b1", "startSeconds": 0, "after": \#($1)}"#
    }
    let order = StepOrder(record(#"{"moves": [\#(moves.joined(separator: ","))]}"#))
    #expect(order.waitsFor == [[], [], [0]])
    let chain = StepOrder(
      record(
        #"""
        {"moves": [{"vm": "x", "to": "b1", "startSeconds": 0, "after": []},
        {"vm": "y", "to": "b1", "startSeconds": 1.5, "after": [1]}, {"vm": "z", "to": "b1", "startSeconds": 2, "after": []}]}
        """#))
    #expect(chain.waitsFor == [[], [0], [0]])
  }

  /// Of older plans, of plans without times, and of documents that speak of other moves.
  @Test(arguments: [
    "", "{", #"{"moves": []}"#,
    #"{"moves": [{"vm": "x", "to": "b1"}, {"vm": "y", "to": "b1"}, {"vm": "z", "to": "b1"}]}"#,
    #"{"moves": [{"vm": "x", "to": "b2", "startSeconds": 0, "after": []}]}"#,
  ])
  func otherwiseOneGoesAfterTheOther(_ document: String) {
    #expect(StepOrder(record(document)).waitsFor == [[], [0], [0, 1]])
  }
}
