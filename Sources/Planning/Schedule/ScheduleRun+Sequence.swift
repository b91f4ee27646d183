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

  /// The sequence that comes out when at each instant what may start does, by priority.
  ///
  /// Into rooms that haven't place for all that enter them, legs go in the order of `sequence`: then the first of those
  /// that wait finds there what it found in `sequence`, or more, and no order by priority ends in a circle.
  ///
  /// - Parameters:
  ///   - sequence: one in which every step fits.
  ///   - priority: legs, the most urgent first.
  static func greedily(_ sequence: [Int], priority: [Int], alone: Bool, _ problem: ScheduleProblem) -> [Int]? {
    var run = ScheduleRun(problem)
    var queues = RoomQueues(sequence, problem)
    let ranks = priority.inverted()
    var ready = priority.filter(queues.isFirst)
    var started: [Int] = []
    while true {
      var isChanged = true
      while isChanged {
        isChanged = false
        for leg in ready.prefix(mostReady) where run.canStart(leg, alone: alone) {
          run.start(leg)
          started.append(leg)
          isChanged = true
          ready.removeAll { $0 == leg }
          for next in queues.leave(leg) {
            ready.insert(next, at: ready.firstIndex { ranks[$0] > ranks[next] } ?? ready.endIndex)
          }
        }
      }
      if run.isIdle { return started.count == sequence.count ? started : nil }
      run.advance()
    }
  }

  /// Legs that are looked at by priority at one instant.
  private static let mostReady = 2000
}

/// The legs that are still to enter each room that hasn't place for all of them, in their order.
private struct RoomQueues {
  private var queues: [Int: ArraySlice<Int>] = [:]
  /// Of each leg, the rooms with a queue that it enters, and in how many it isn't the first.
  private let rooms: [[Int]]
  private var behind: [Int]

  init(_ sequence: [Int], _ problem: ScheduleProblem) {
    let isTight = problem.rooms.tightRooms(problem.legs)
    let rooms = problem.legs.map { leg in
      problem.rooms.entered(leg.vm, from: leg.from, to: leg.to).filter { isTight[$0] }
    }
    var queues: [Int: [Int]] = [:]
    for leg in sequence {
      for room in rooms[leg] { queues[room, default: []].append(leg) }
    }
    var behind = rooms.map(\.count)
    for queue in queues.values { behind[queue[0]] -= 1 }
    self.rooms = rooms
    self.behind = behind
    self.queues = queues.mapValues { $0[...] }
  }

  func isFirst(_ leg: Int) -> Bool { behind[leg] == 0 }

  /// Takes a leg out that is the first in all its queues.
  ///
  /// - Returns: those that are so from then on.
  mutating func leave(_ leg: Int) -> [Int] {
    var first: [Int] = []
    for room in rooms[leg] {
      queues[room]?.removeFirst()
      guard let next = queues[room]?.first else { continue }
      behind[next] -= 1
      if behind[next] == 0 { first.append(next) }
    }
    return first
  }
}
