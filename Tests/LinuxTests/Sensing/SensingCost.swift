import Agent
import Foundation
import Glibc
import Linux
import Model
import Synchronization
import SystemPackage
import Testing
import Traffic

/// What being sensed costs those who talk, for docs/measurements.md: `SENSING_COST=200 swift test … --filter SensingCost` has
/// two machines ping-pong for so many blocks of a second, with their taps in the sensor's filter and with none in turns, and
/// prints one line of JSON: round trips of each block.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["SENSING_COST"] != nil && PrivateNetwork.isPossible,
    "a measurement: run with SENSING_COST=200, as root"))
struct SensingCost {
  let blocks = Int(ProcessInfo.processInfo.environment["SENSING_COST"] ?? "") ?? 200

  /// Round trips over UDP until it is stopped.
  final class PingPong: Sendable {
    private let sockets: [Int32]
    private let rounds = Atomic<Int>(0)
    private let isStopped = Atomic(false)

    init(_ guests: Guests) throws {
      sockets = try (1...2).map { number in
        try NetworkNamespace(FilePath("/run/netns/\(guests.namespace(number))")).run {
          let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
          var wait = timeval(tv_sec: 1, tv_usec: 0)
          setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
          let isBound = Self.with(number) { bind(file, $0, $1) } == 0
          try #require(isBound && Self.with(3 - number) { connect(file, $0, $1) } == 0)
          return file
        }
      }
      Thread { self.echo() }.start()
      Thread { self.ask() }.start()
    }

    deinit { sockets.forEach { _ = close($0) } }

    private static func with(
      _ number: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = UInt16(9000).bigEndian
      address.sin_addr.s_addr = UInt32(0x0a09_0000 | number).bigEndian
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }

    private func echo() {
      var buffer = [UInt8](repeating: 0, count: 100)
      while !isStopped.load(ordering: .relaxed) {
        if recv(sockets[1], &buffer, 100, 0) > 0 { send(sockets[1], buffer, 100, 0) }
      }
    }

    private func ask() {
      var buffer = [UInt8](repeating: 0, count: 100)
      while !isStopped.load(ordering: .relaxed) {
        send(sockets[0], buffer, 100, 0)
        if recv(sockets[0], &buffer, 100, 0) > 0 { rounds.add(1, ordering: .relaxed) }
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
