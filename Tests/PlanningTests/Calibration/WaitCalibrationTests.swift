import Foundation
import Planning
import Testing

@Suite struct WaitCalibrationTests {
  private func learnt(_ observations: [(waits: Double, compute: Double, saved: Double)]) -> WaitCalibration {
    var calibration = WaitCalibration()
    for (number, one) in observations.enumerated() {
      _ = calibration.learn(.init(plan: "p\(number)", waits: one.waits, compute: one.compute, saved: one.saved))
    }
    return calibration
  }

  @Test func nothingIsLearntOfNothing() {
    let calibration = learnt([(0.04, 0, 0.5), (0, 0.3, 0.3), (0.5, 0, .nan)])
    #expect(calibration.observations.isEmpty && calibration.factor == nil && calibration.words == nil)
  }

  /// 0.4 of the time was to be saved by waits and 0.1 by faster cores, and it were 0.3: 0.2 by waits. With the formula's
  /// 0.16: (0.16 + 0.4·0.2) / (0.16 + 0.16).
  @Test func onePlan() {
    let calibration = learnt([(0.4, 0.1, 0.3)])
    #expect(abs((calibration.factor ?? 0) - 0.75) < 1e-12 && calibration.error == nil)
    #expect(calibration.words == "a wait counts 0.75 of what the formula says, as one plan has shown")
  }

  /// (0.16 + 0.4·0.3 + 0.2·0.1) / (0.16 + 0.16 + 0.04) = 0.3/0.36 = 5/6; residuals 0.3 − 1/3 and 0.1 − 1/6, and so the
  /// error √((1/900 + 1/225) / 1 / 0.36).
  @Test func plansThatChangeMuchTellMore() {
    let calibration = learnt([(0.4, 0, 0.3), (0.2, 0, 0.1)])
    #expect(abs((calibration.factor ?? 0) - 5.0 / 6) < 1e-12 && abs((calibration.error ?? 0) - 0.124_225_999) < 1e-9)
    #expect(calibration.words == "a wait counts 0.833 ± 0.124 of what the formula says, as 2 plans have shown")
  }

  /// Never above the formula's, and never nothing: what was lost counts as nothing saved, 0.16 / 0.32; eight times, 1/9;
  /// and of all of the time 0.16 / 8.16, which is under the least.
  @Test func bounds() {
    #expect(learnt([(0.4, 0, 0.6)]).factor == 1)
    #expect(abs((learnt([(0.4, 0, -2)]).factor ?? 0) - 0.5) < 1e-12)
    #expect(abs((learnt((0..<8).map { _ in (0.4, 0, -2) }).factor ?? 0) - 1.0 / 9) < 1e-12)
    #expect(learnt((0..<8).map { _ in (1, 0, 0) }).factor == WaitCalibration.leastFactor)
  }

  @Test func theLatestAreKept() throws {
    let calibration = learnt((0..<10).map { _ in (0.4, 0, 0.2) })
    #expect(calibration.observations.map(\.plan) == (2..<10).map { "p\($0)" })
    let read = try JSONDecoder().decode(WaitCalibration.self, from: JSONEncoder().encode(calibration))
    #expect(read == calibration)
  }
}
