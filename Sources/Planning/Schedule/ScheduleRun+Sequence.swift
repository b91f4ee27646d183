extension ScheduleRun {
  /// Legs started one after another, each as soon as it may; nil where one never may.
  ///
  /// - Parameter alone: of each leg, whether it waits until its links are free.
  static func following(_ sequence: [Int], alone: [Bool], _ problem: ScheduleProblem) -> ScheduleRun? {
    var run = ScheduleRun(problem)
    var next = 0
    while true {
      while next < sequence.count, run.canStart(sequence[next], alone: alone[sequence[next]]) {
        run.start(sequence[next])
        next += 1
      }
      if run.isIdle { return next == sequence.count ? run : nil }
      run.advance()
    }
  }

  /// The sequence that comes out when at each instant what may start does, by priority: the next of `sequence`, in
  /// which every step fits, and those that take nothing from any order. Nil where that ends nowhere: a detour may find
  /// its place taken.
  ///
  /// - Parameter priority: legs, the most urgent first.
  static func greedily(_ sequence: [Int], priority: [Int], alone: Bool, _ problem: ScheduleProblem) -> [Int]? {
    var run = ScheduleRun(problem)
    var waiting = priority
    var hasStarted = [Bool](repeating: false, count: sequence.count)
    var next = 0
    var started: [Int] = []
    while true {
      var isChanged = true
      while isChanged {
        isChanged = false
        while next < sequence.count, hasStarted[sequence[next]] { next += 1 }
        for leg in waiting.prefix(mostWaiting) where run.mayGo(leg, next: next < sequence.count ? sequence[next] : -1) {
          guard run.canStart(leg, alone: alone) else { continue }
          run.start(leg)
          hasStarted[leg] = true
          started.append(leg)
          isChanged = true
          while next < sequence.count, hasStarted[sequence[next]] { next += 1 }
        }
        if isChanged { waiting.removeAll { hasStarted[$0] } }
      }
      if run.isIdle { return waiting.isEmpty ? started : nil }
      run.advance()
    }
  }

  /// Legs that are looked at by priority at one instant.
  private static let mostWaiting = 400

  private func mayGo(_ index: Int, next: Int) -> Bool {
    let leg = problem.legs[index]
    return index == next || leg.to == rooms.targets[leg.vm] && leg.from == rooms.hosts[leg.vm] && rooms.isSafe(leg.vm)
  }
}
