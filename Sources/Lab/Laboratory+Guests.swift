import Foundation
import Model
import Moves

extension Laboratory {
  /// Defines and starts the guests of each host, all hosts at once.
  func start(_ lab: LabDescription, _ processes: LabProcesses, _ progress: any LabProgress) async throws {
    guard !lab.guests.isEmpty else { return }
    progress.step("starting \(lab.guests.count) guests")
    try await withThrowingTaskGroup { group in
      for place in lab.hosts {
        let guests = lab.guests.filter { $0.host == place.host.name }
        guard !guests.isEmpty, let process = processes.number(of: .host(place.host.name)) else { continue }
        group.addTask { try await start(guests, on: place.host.name, process) }
      }
      try await group.waitForAll()
    }
  }

  private func start(_ guests: [LabDescription.Guest], on host: String, _ process: Int32) async throws {
    let own = folder.host(host)
    _ = try await poll(
      for: .seconds(60), "libvirtd of \(host) doesn't listen: \(lastLine(of: own + "/libvirtd.log"))"
    ) {
      FileManager.default.fileExists(atPath: "/proc/\(process)/root/run/libvirt/libvirt-sock") ? true : nil
    }
    // The agent makes the taps, as soon as it knows its map.
    let taps = Set(guests.flatMap(\.interfaces).map { FabricNames.tap($0.mac) })
    _ = try await poll(
      for: .seconds(60), "the agent of \(host) makes no taps for its guests: \(lastLine(of: own + "/agent.log"))"
    ) {
      let text = (try? String(contentsOfFile: "/proc/\(process)/net/dev", encoding: .utf8)) ?? ""
      let names = text.split(separator: "\n").compactMap { line in
        line.split(separator: ":").first.map { $0.drop { $0 == " " } }
      }
      return taps.isSubset(of: names.map(String.init)) ? true : nil
    }
    let commands = guests.flatMap { ["define \(folder.domain(of: $0.name))", "start \($0.name)"] }
    let result = try await Tool.run(
      ["nsenter", "--target", "\(process)", "--mount", "--net", "--uts", "--", "virsh", "--quiet",
        commands.joined(separator: "; ")])
    guard result.code == 0 else {
      // The first names the domain, the second the reason.
      let reasons = result.error.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("error: ") }
        .prefix(2).map { $0.dropFirst(7) }
      let reason = reasons.isEmpty ? "virsh ended with \(result.code)" : reasons.joined(separator: ": ")
      throw LabError("the guests of \(host) can't be started: \(reason)")
    }
  }

  /// Waits until each guest has said that it is there.
  func boot(_ lab: LabDescription, _ progress: any LabProgress) async throws {
    guard !lab.guests.isEmpty else { return }
    progress.step("booting \(lab.guests.count) guests")
    var booting = lab.guests.map(\.name)
    var nextCheck = ContinuousClock.now + .seconds(2)
    _ = try await poll(
      for: .seconds(180),
      "\(booting.joined(separator: ", ")) didn't boot in three minutes; "
        + "\(folder.console(of: booting.first ?? "")) ends with: "
        + lastLine(of: folder.console(of: booting.first ?? ""))
    ) {
      var running: Set<String>?
      if ContinuousClock.now >= nextCheck {
        running = try stillThere().running
        nextCheck = .now + .seconds(2)
      }
      for guest in booting {
        let file = folder.console(of: guest)
        let text = (FileManager.default.contents(atPath: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        if text.contains("transhumance guest \(guest) ready") {
          booting.removeAll { $0 == guest }
        } else if text.contains("Kernel panic") || running?.contains(guest) == false {
          throw LabError("\(guest) doesn't boot: its console ends with: \(lastLine(of: file))")
        }
      }
      progress.detail("\(lab.guests.count - booting.count) of \(lab.guests.count)")
      return booting.isEmpty ? true : nil
    }
  }

  /// Waits until every agent knows where all guests are, and the controller hears every agent.
  func services(_ lab: LabDescription, _ progress: any LabProgress, _ checks: Checks) async throws {
    progress.step("waiting for \(lab.hosts.count) agents")
    for (index, place) in lab.hosts.enumerated() {
      let socket = folder.agentSocket(of: place.host.name)
      var missing: String?
      _ = try await poll(for: .seconds(60), "the agent of \(place.host.name) isn't ready: \(missing ?? "")") {
        _ = try stillThere()
        missing = await checks.agent(socket)
        return missing == nil ? true : nil
      }
      progress.detail("\(index + 1) of \(lab.hosts.count)")
    }
    progress.step("waiting for the controller")
    var missing: String?
    _ = try await poll(for: .seconds(60), "the controller isn't ready: \(missing ?? "")") {
      _ = try stillThere()
      missing = await checks.controller(folder.controllerSocket)
      return missing == nil ? true : nil
    }
  }

  /// The lab's processes, while it is being made.
  private func stillThere() throws(LabError) -> LabProcesses {
    guard let processes = LabProcesses() else { throw LabError("somebody ended the lab while it was being made") }
    return processes
  }
}
