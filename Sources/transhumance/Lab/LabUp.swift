import ArgumentParser
import Documents
import Foundation
import Lab
import Model
import UnixSignals

struct LabUp: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Makes a lab and returns when all its guests run and all agents know them.",
    discussion: """
      Without FILE: two sites of two hosts, 5 ms apart, and eight guests in \
      two groups, each torn over both sites. A file is a federation with \
      networks, guests and machines; `transhumance validate` checks it. \
      With `security: tls` in it the lab gets an authority of its own, and \
      all speak TLS to one another, by certificates.

      The first time, Debian's kernel is downloaded for the guests and kept \
      in /var/cache/transhumance. What an earlier lab left that was killed \
      is cleared. Ctrl-C ends it at any moment and leaves nothing.

      Examples:
        transhumance lab up
        transhumance lab up --dry-run Examples/lab.yaml
        transhumance lab up my-lab.yaml

      Exit codes: 0 the lab is up, 1 it isn't and nothing is left, 2 usage.
      """)

  @Argument(help: ArgumentHelp("The lab; - is standard input.", valueName: "file"), completion: .file())
  var file: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Length of the periods in which agents count.", valueName: "seconds"))
  var period = 30

  @Flag(help: "Only check, and say what would be made.")
  var dryRun = false

  func validate() throws {
    if !(1...3600).contains(period) { throw ValidationError("--period must be 1 … 3600 s.") }
  }

  func run() async throws {
    let bytes = try file.map(LabInput.bytes) ?? Array(LabDocument.defaultText.utf8)
    let name = file == "-" ? "<stdin>" : file ?? "the lab without a file"
    let lab = try LabInput.read(bytes, name: name)
    try await reportingLab {
      let laboratory = Laboratory.ofThisMachine
      if dryRun {
        try laboratory.check(lab)
        return try StandardOutput.write(lab.summary)
      }
      let display = LabDisplay()
      defer { display.finish() }
      let start = ContinuousClock.now
      try await endingOnSignals {
        try await laboratory.up(
          lab, document: String(decoding: bytes, as: UTF8.self), period: period, progress: display,
          checks: .init(agent: AgentReadiness(lab).missing, controller: ControllerReadiness(lab).missing),
          makeCredentials: LabAuthority.make)
      }
      display.finish()
      let seconds = Text.decimals(start.duration(to: .now) / .seconds(1), 1)
      Terminal.printLine("The lab is up after \(seconds) s: \(lab.counts). `transhumance lab status` shows it.")
    }
  }

  /// Cancels the body on Ctrl-C and SIGTERM; it cleans up, and then this command fails.
  private func endingOnSignals(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await body()
        return true
      }
      group.addTask {
        for await _ in signals { return false }
        return true
      }
      if try await group.next() == true { return group.cancelAll() }
      Terminal.printLine("\nending the lab …")
      group.cancelAll()
      // What the body throws is that it was cancelled, or that it couldn't clean up.
      do { while try await group.next() != nil {} } catch is CancellationError {}
      throw CommandFailure(message: "interrupted; nothing of the lab is left")
    }
  }
}

extension LabDescription {
  /// `4 hosts on 2 sites, 8 guests`
  var counts: String {
    let count = { (number: Int, noun: String) in "\(number) \(noun)\(number == 1 ? "" : "s")" }
    return count(hosts.count, "host") + " on " + count(federation.sites.count, "site") + ", "
      + count(guests.count, "guest")
  }

  var summary: String {
    var text = "Would be made: \(counts).\n"
    if security == .tls { text += "All speak TLS to one another, by certificates of an authority of the lab's own.\n" }
    for site in federation.sites {
      text += "\nsite \(site.name)\n"
      for place in hosts where place.site == site.name {
        let names = guests.filter { $0.host == place.host.name }.map(\.name).joined(separator: " ")
        text += "  \(place.host.name)  \(place.address)  \(names)\n"
      }
      for machine in machines where machine.site == site.name {
        text += "  \(machine.name)  \(machine.address)  (a machine\(machine.isOnLAN ? " on the LAN" : ""))\n"
      }
    }
    return text
  }
}
