import Simulation
import Testing

@Suite struct StepTests {
  /// A VM that is set aside comes back to where it was at first.
  @Test func whatChangesNothingIsLeftOut() {
    let thereAndBack = [Step(vm: 0, host: 2), Step(vm: 1, host: 0), Step(vm: 0, host: 0)]
    #expect(Step.changing(thereAndBack, from: [0, 1]) == thereAndBack)
    #expect(Step.changing([Step(vm: 0, host: 0), Step(vm: 1, host: 2)], from: [0, 1]) == [Step(vm: 1, host: 2)])
  }
}
