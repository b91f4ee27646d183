import Foundation
import Model

/// Number 1 of the lab's PID namespace: makes all other namespaces, wires them, and holds them. When it goes, the
/// kernel ends all processes of the lab, and with them go namespaces, mounts and interfaces.
struct FirstPart {
  private let own: PartProcess

  init(_ own: PartProcess) {
    self.own = own
  }

  func run() throws -> Never {
    do {
      endUnlessKept()
      try start()
    } catch {
      try? own.folder.write("\(error)", to: own.folder.failure)
      exit(1)
    }
  }

  /// Ends with whoever is making the lab, unless that says that all is well before it goes.
  private func endUnlessKept() {
    Thread.detachNewThread {
      if !Pipe.read(0) { _exit(1) }
    }
  }

  private func start() throws -> Never {
    let proof = try Acceleration.startProof(in: own.folder)
    var processes: [Part: pid_t] = [:]
    var gates: [Int32] = []
    var reports: [(part: Part, file: Int32)] = []
    for part in own.lab.parts {
      let report = try Pipe()
      let gate = try Pipe()
      processes[part] = try ChildProcess.start(
        ["unshare", "--net", "--mount", "--uts", "--propagation", "private", "--", own.executable]
          + part.words(own.folder),
        .init(input: gate.readEnd, output: report.writeEnd, log: own.folder.log))
      close(report.writeEnd)
      close(gate.readEnd)
      reports.append((part, report.readEnd))
      gates.append(gate.writeEnd)
    }
    for report in reports {
      guard Pipe.read(report.file) else {
        throw LabError("\(report.part.hostName) can't be prepared: \(lastWords)")
      }
      close(report.file)
    }
    let wiring = Wiring(lab: own.lab) { processes[$0] ?? 0 }
    for step in wiring.steps { try perform(step, in: processes[step.part] ?? 0) }
    try own.folder.write(wiring.wan, to: own.folder.wanConfiguration)
    gates.forEach { close($0) }
    // Meanwhile the hosts' services start.
    try Acceleration.finishProof(proof, in: own.folder)
    try own.folder.write("", to: own.folder.ready)
    let relay = Service(
      name: "WAN", command: [own.executable, "lab-wan"], log: own.folder.log, input: own.folder.wanConfiguration)
    try Supervisor(services: [relay]).run()
  }

  private func perform(_ step: Wiring.Step, in process: pid_t) throws(LabError) {
    let file = own.folder.path + "/wiring/" + step.part.hostName
    try own.folder.write(step.commands.joined(separator: "\n") + "\n", to: file)
    let input = unsafe open(file, O_RDONLY | O_CLOEXEC)
    defer { close(input) }
    let tool = try ChildProcess.start(
      ["nsenter", "--net=/proc/\(process)/ns/net", "ip", "-batch", "-"], .init(input: input, log: own.folder.log))
    guard ChildProcess.wait(for: tool) == 0 else {
      throw LabError("the network of \(step.part.hostName) can't be made: \(lastWords)")
    }
  }

  private var lastWords: String {
    let text = (try? String(contentsOfFile: own.folder.log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(4).joined(separator: "; ")
  }
}

extension LabDescription {
  /// Everything with namespaces of its own.
  package var parts: [Part] {
    federation.sites.map { .router($0.name) } + hosts.map { .host($0.host.name) } + machines.map { .machine($0.name) }
  }
}
