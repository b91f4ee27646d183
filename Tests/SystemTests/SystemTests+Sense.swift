import Foundation
import Testing

extension SystemTests {
  /// What `sense --format json` prints of a period.
  private struct SensedPeriod: Decodable {
    struct VM: Decodable {
      var name: String
    }
    struct Row: Decodable {
      var source: String
      var destination: String
      var packets: UInt64
    }
    /// Nil: it is whole.
    var incomplete: String?
    var vms: [VM]
    var received: [Row]
    var sent: [Row]
  }

  /// Inside a host `sense` finds the host's VMs and names those of other hosts, by the agent that is there: at the
  /// second host without any context.
  func expectSense(_ lab: SmallLab) async throws {
    let sense = ["transhumance", "sense", "--period", "2s", "--periods", "2", "--format", "json"]
    for (host, words, own, other) in [
      ("a1", sense, "vm1", "vm2"),
      ("b1", ["env", "XDG_CONFIG_HOME=/nonexistent", Program.executable.path] + sense.dropFirst(), "vm2", "vm1"),
    ] {
      let command = ["lab", "exec", host, "--"] + words
      let run = try await Program.run(command, configuration: lab.folder, seconds: 30)
      try #require(run.code == 0, "\(run.error)")
      let periods = try run.output.split(separator: "\n").map {
        try Program(code: 0, output: String($0), error: "").json(SensedPeriod.self)
      }
      let whole = periods.filter { $0.incomplete == nil }
      #expect(whole.count == 2, "\(run.output)")
      for period in whole {
        #expect(period.vms.map(\.name) == [own], "\(run.output)")
        #expect(period.received.contains { $0.source == other && $0.destination == own && $0.packets > 0 })
        #expect(period.sent.contains { $0.source == own && $0.destination == other && $0.packets > 0 })
      }
    }
  }
}
