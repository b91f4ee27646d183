import Agent
import Foundation
import Linux
import Model
import Synchronization
import Testing
import Traffic

/// What being sensed costs those who talk, for docs/measurements.md: `SENSING_COST=200 swift test … --filter
/// SensingCost` has two machines ping-pong for so many blocks of a second, with their taps in the sensor's filter and
/// with none in turns, and prints one line of JSON: round trips of each block.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["SENSING_COST"] != nil && PrivateNetwork.isPossible,
    "a measurement: run with SENSING_COST=200, as root"))
struct SensingCost {
  let blocks = Int(ProcessInfo.processInfo.environment["SENSING_COST"] ?? "") ?? 200

  /// Round trips over UDP until it is stopped.
  final class PingPong: Sendable {
    private let sockets: GuestSockets
    private let rounds = Atomic<Int>(0)
    private let isStopped = Atomic(false)

    init(_ guests: Guests) throws {
      sockets = try GuestSockets(guests)
      Thread { self.echo() }.start()
      Thread { self.ask() }.start()
    }

    private func echo() {
      while !isStopped.load(ordering: .relaxed) {
        if sockets.receive(at: 2) { sockets.send(from: 2) }
      }
    }

    private func ask() {
      while !isStopped.load(ordering: .relaxed) {
        sockets.send(from: 1)
        if sockets.receive(at: 1) { rounds.add(1, ordering: .relaxed) }
      }
    }

    /// Round trips in a second.
    func second() -> Double {
      let (start, before) = (RealTime.now, rounds.load(ordering: .relaxed))
      _ = RealTime.wait(for: [], until: start + 1_000_000_000)
      let count = rounds.load(ordering: .relaxed) - before
      return Double(count) / (Double(RealTime.now - start) / 1e9)
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
  }

  @Test func measure() async throws {
    try await PrivateNetwork.run {
      let guests = try Guests(2)
      let reports = SensorTests.Reports()
      let sensor = try Sensor(SensorConfiguration(host: "h", periodNanoseconds: 1_000_000_000)) { reports.take($0) }
      let game = try PingPong(guests)
      _ = game.second()
      var rates: [[Double]] = [[], []]
      for block in 0..<blocks {
        // Off and on, on and off: drifts weigh on both alike.
        let isOn = (block + block / 2) % 2 == 1
        try sensor.update(taps: isOn ? [SensorTests.tap(1), SensorTests.tap(2)] : [])
        rates[isOn ? 1 : 0].append(game.second())
      }
      game.stop()
      sensor.stop()
      let counted = reports.all.reduce(0) { $0 + $1.accounting.counted }
      let dropped = reports.all.reduce(0) { $0 + $1.accounting.dropped }
      print(
        "{\"off\": \(rates[0]), \"on\": \(rates[1]), \"counted\": \(counted), \"dropped\": \(dropped)}")
    }
  }
}
