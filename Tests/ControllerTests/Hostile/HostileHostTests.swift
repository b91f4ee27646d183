import Controller
import GRPCCore
import GRPCNIOTransportHTTP2
import Model
import Storage
import SwiftProtobuf
import Testing
import Traffic
import Trust
import Wire

/// A host that has a key and means ill, or is out of its mind: what it says is refused or bounded, with a line in the
/// log, and others are served all along.
@Suite(.timeLimit(.minutes(2))) struct HostileHostTests {
  /// By what it does in its report.
  enum Deed: CaseIterable {
    case aMillionPairs, farTooManyVMs, anothersName, aPeriodOfNextYear

    var report: Transhumance_V1_SensorReport {
      var report = SensorReport.example(1).message
      switch self {
      case .aMillionPairs:
        let column = Array(repeating: UInt64(1), count: 1_000_000)
        report.endpoints = ["vm1", "vm2"]
        report.received.source = Array(repeating: 0, count: column.count)
        report.received.destination = Array(repeating: 1, count: column.count)
        (report.received.packets, report.received.frameBytes, report.received.ipBytes) = (column, column, column)
      case .farTooManyVMs: report.vms = Array(repeating: .init(), count: 300_000)
      case .anothersName: report.host = "b1"
      case .aPeriodOfNextYear: report.periodStart += 30_000_000_000 * 1_000_000
      }
      return report
    }

    var words: String {
      switch self {
      case .aMillionPairs: "a report of 250001 pairs, more than 250000"
      case .farTooManyVMs: "a report of 10001 VMs, more than 10000"
      case .anothersName: "a report of b1 by a1"
      case .aPeriodOfNextYear: "set the clock of a1 right"
      }
    }
  }

  private static let greeting = FromHost.with {
    ($0.hello.host, $0.hello.incarnation, $0.hello.time) = ("a1", 1, 5_000_000_000)
  }

  @Test(arguments: Deed.allCases) func reportIsRefused(_ deed: Deed) async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let messages = [Self.greeting, .with { $0.report = deed.report }]
        let refused = try await world.call(with: world.credentials(.host, "a1"), saying: messages) {
          answers -> String? in
          for try await answer in answers where answer.acknowledgement.sequence == 1 {
            return answer.acknowledgement.refused
          }
          return nil
        }
        #expect(refused?.contains(deed.words) == true, "\(refused ?? "")")
      }
      #expect(world.lines(with: "refused report 1 of a1").count == 1)
      #expect(try await world.store.reports(of: SensorReport.example(1).period).allSatisfy { $0.host == "b1" })
    }
  }

  @Test func aReportThatIsSentAgainCountsOnce() async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        var other = SensorReport.example(1)
        other.vms = [SensedVM(name: "vm9")]
        let reports = Array(repeating: SensorReport.example(1), count: 99) + [other]
        let messages = [Self.greeting] + reports.map { report in .with { $0.report = report.message } }
        let taken = try await world.call(with: world.credentials(.host, "a1"), saying: messages) { answers in
          var taken = 0
          for try await answer in answers where answer.acknowledgement.sequence == 1 {
            taken += answer.acknowledgement.refused.isEmpty ? 1 : 0
            if taken == 100 { break }
          }
          return taken
        }
        #expect(taken == 100)
      }
      let kept = try await world.store.reports(of: SensorReport.example(1).period).filter { $0.host == "a1" }
      #expect(kept == [.example(1)])
    }
  }

  @Test func whatCannotBeReadEndsTheCall() async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let garbage = Array(repeating: UInt8(0xff), count: 1000)
        let error = await #expect(throws: RPCError.self) {
          try await world.callRaw(with: world.credentials(.host, "a1"), bytes: [garbage])
        }
        #expect(error?.code == .invalidArgument)
        await world.told("a message that can't be read")
      }
      #expect(world.lines(with: "a message that can't be read").count == 1)
    }
  }

  /// More than 32 MiB. (gRPC ends the call without a word to the service: nothing is logged.)
  @Test func aMessageThatIsTooLongEndsTheCall() async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        let long = Array(repeating: UInt8(0), count: WireLimits.largestMessage + 1)
        let greeting: [UInt8] = try Self.greeting.serializedBytes()
        await #expect(throws: RPCError.self) {
          try await world.callRaw(with: world.credentials(.host, "a1"), bytes: [greeting, long])
        }
      }
      #expect(await world.registry.host("a1")?.isConnected == false)
    }
  }

  /// What it is told is bounded, and then it is cut off.
  @Test func whoDoesNotReadIsCutOff() async throws {
    try await HostileWorld.with { world in
      try await world.whileAnotherWorks {
        // Each is answered with its name, so that few answers fill the windows of HTTP/2.
        let lie = FromHost.with {
          $0.report = SensorReport.example(1, host: String(repeating: "x", count: 255)).message
        }
        let messages = [Self.greeting] + Array(repeating: lie, count: 20_000)
        let call = Task {
          try await world.call(with: world.credentials(.host, "a1"), saying: messages) { _ in
            try await Task.sleep(for: .seconds(3600))
          }
        }
        await world.told("a1 is disconnected: the host doesn't read what the controller tells it")
        call.cancel()
        _ = await call.result
      }
      #expect(world.lines(with: "a1 is disconnected").count == 1)
    }
  }
}

extension HostileWorld {
  /// A call of bytes that needn't be messages.
  fileprivate func callRaw(with credentials: Credentials, bytes: [[UInt8]]) async throws {
    try await withClient(credentials) { client in
      let request = StreamingClientRequest<[UInt8]> { writer in
        for message in bytes { try await writer.write(message) }
        try await Task.sleep(for: .seconds(3600))
      }
      var options = CallOptions.defaults
      options.waitForReady = false
      try await client.bidirectionalStreaming(
        request: request, descriptor: ControllerAPI.Method.Connect.descriptor, serializer: RawBytes(),
        deserializer: RawBytes(), options: options
      ) { response in
        for try await _ in response.messages {}
      }
    }
  }
}

private struct RawBytes: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

  func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> [UInt8] {
    serializedMessageBytes.withUnsafeBytes { Array($0) }
  }
}
