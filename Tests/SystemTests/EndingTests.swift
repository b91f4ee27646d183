import Foundation
import Subprocess
import SystemPackage
import Testing

/// However a lab ends, nothing of it is left.
extension SystemTests {
  /// How far `lab up` has come, told by what it has made.
  enum Moment: String, CaseIterable {
    case begun = ""
    case wired = "/ready"
    case booting = "/console/vm1.log"

    var hasCome: Bool { FileManager.default.fileExists(atPath: "/run/transhumance/lab" + rawValue) }
  }

  @Test(arguments: Moment.allCases) func interruptedAtAnyMoment(_ moment: Moment) async throws {
    try SmallLab.requireRoot()
    let before = try Remains.now()
    let end = try await makeLab(until: moment, then: .interrupt)
    #expect(end.code == 1 && end.error.contains("nothing of the lab is left"), "\(end.code) \(end.error)")
    try #expect(Remains.now() == before)
  }

  /// Nobody cleans up: the lab ends by itself, and the next one removes what is left of its files.
  @Test func killedWhileItIsMade() async throws {
    try SmallLab.requireRoot()
    let before = try Remains.now()
    let end = try await makeLab(until: .booting, then: .kill)
    #expect(end.code == -9)
    for _ in 0..<200 where try Remains.now().processes != before.processes {
      try await Task.sleep(for: .milliseconds(50))
    }
    try #expect(Remains.now().processes == before.processes)
    try await SmallLab.with { lab in
      let status = try await lab.run("lab", "status")
      #expect(status.code == 0)
    }
    try #expect(Remains.now() == before)
  }

  @Test func downAfterEverythingWasKilled() async throws {
    let before = try Remains.now()
    try await SmallLab.with { lab in
      for process in try Self.processesOfLab() { kill(process, SIGKILL) }
      try await lab.wait("the lab's processes to end") { try Remains.now().processes == before.processes }
      let status = try await lab.run("lab", "status")
      #expect(status.code == 1 && status.error.contains("no lab is up"), "\(status.error)")
      let down = try await lab.run("lab", "down")
      #expect(down.code == 0)
      try #expect(Remains.now() == before)
      let again = try await lab.run("lab", "down")
      #expect(again.code == 0 && again.error.contains("There is no lab"), "\(again.error)")
    }
  }

  private func makeLab(until moment: Moment, then signal: Signal) async throws -> (code: Int, error: String) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-system-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "lab.yaml")
    try Data(SmallLab.file.utf8).write(to: file)
    let result = try await Subprocess.run(
      .path(FilePath(Program.executable.path)), arguments: ["lab", "up", file.path],
      environment: .inherit.updating(["XDG_CONFIG_HOME": folder.path]), input: .none, output: .discarded,
      error: .string(limit: 1 << 20)
    ) { execution in
      for _ in 0..<3000 where !moment.hasCome { try await Task.sleep(for: .milliseconds(20)) }
      if moment.hasCome { try execution.send(signal: signal) }
    }
    let code: Int =
      switch result.terminationStatus {
      case .exited(let code): Int(code)
      case .signaled(let signal): -Int(signal)
      }
    return (code, result.standardError)
  }

  /// All that share a PID namespace with one of the lab's own processes, and who waits for the first of them.
  private static func processesOfLab() throws -> [Int32] {
    let files = FileManager.default
    let numbers = try files.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
    let space = { (number: Int32) in try? files.destinationOfSymbolicLink(atPath: "/proc/\(number)/ns/pid") }
    let isPart = { (number: Int32) in
      let words = files.contents(atPath: "/proc/\(number)/cmdline")?.split(separator: 0) ?? []
      return words.contains { $0.elementsEqual("lab-part".utf8) }
    }
    let own = space(getpid())
    let spaces = Set(numbers.filter(isPart).compactMap(space)).subtracting([own].compactMap(\.self))
    return numbers.filter { number in space(number).map(spaces.contains) == true || isPart(number) }
  }
}
