import Foundation
import Model

extension Laboratory {
  /// Has all guests with a workload go over to a phase of it; those without that phase rest.
  ///
  /// - Parameter number: from 1
  /// - Throws: where no guest has such a phase, or a guest doesn't answer
  package func begin(phase number: Int) async throws {
    let (lab, processes) = try current()
    guard lab.guests.contains(where: { $0.workload?.phase(number) != nil }) else {
      let count = lab.guests.compactMap { $0.workload.map { 1 + $0.phases.count } }.max() ?? 0
      throw LabError(
        "no guest of the lab has a phase \(number): there are \(count), `phases` of a workload in its file")
    }
    let program = try GuestImage(executable: executable).program
    let places = processes.guests(on: lab.hosts.map(\.host.name))
    try await withThrowingTaskGroup { group in
      for (host, names) in places {
        guard let process = processes.number(of: .host(host)) else { continue }
        for guest in lab.guests where guest.workload != nil && names.contains(guest.name) {
          group.addTask { try await Self.begin(phase: number, guest, inside: process, program) }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Asks from the guest's own host, whose gateway is in the guest's network.
  private static func begin(
    phase number: Int, _ guest: LabDescription.Guest, inside process: Int32, _ program: String
  ) async throws {
    guard let address = guest.interfaces.first?.addresses.first else { return }
    let result = try await Tool.run(
      ["timeout", "20", "nsenter", "--target", "\(process)", "--net", "--", program, "request", "\(address)", "phase",
        "\(number)"])
    guard result.code == 0, !result.output.contains("error") else {
      let reason = (result.output + result.error).split(whereSeparator: \.isNewline).last ?? "no answer"
      throw LabError("\(guest.name) doesn't begin phase \(number): \(reason)")
    }
  }
}
