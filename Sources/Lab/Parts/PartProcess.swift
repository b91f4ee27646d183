import Documents
import Foundation
internal import Model

/// What a part's process does: prepares its namespaces, says so, waits until they are wired, and then keeps its
/// services running for as long as it lives.
package struct PartProcess {
  let part: Part
  let folder: LabFolder
  let lab: LabDescription
  /// This program's own path.
  let executable: String

  /// - Throws: where the lab file can't be read
  package init(part: Part, folder: LabFolder, executable: String) throws {
    self.part = part
    self.folder = folder
    self.executable = executable
    let bytes = [UInt8](FileManager.default.contents(atPath: folder.document) ?? Data())
    lab = try LabDocument.parse(bytes, file: folder.document).lab
  }

  /// Prepares the namespaces it is in, says so on standard output, and runs their services until it is killed.
  package func run() throws -> Never {
    if part == .first { try FirstPart(self).run() }
    try prepare()
    // Heard by the first part, which then wires and closes its end.
    print("prepared")
    fflush(nil)
    close(1)
    dup2(2, 1)
    _ = Pipe.read(0)
    try Supervisor(services: services).run()
  }

  private func prepare() throws(LabError) {
    guard unsafe sethostname(part.hostName, part.hostName.utf8.count) == 0 else {
      throw LabError("no host name can be set")
    }
    try Mount.system()
    try Mount.ownRun(keeping: folder)
    try Mount.bind(folder.path + "/hosts.txt", at: "/etc/hosts")
    try NetworkSettings.apply(forwarding: part.forwards)
    if case .host(let name) = part, let place = lab.hosts.first(where: { $0.host.name == name }) {
      try HypervisorSettings(place: place, security: lab.security, folder: folder).apply()
    }
  }

  private var services: [Service] {
    guard case .host(let name) = part else { return [] }
    let own = folder.host(name)
    let collector = lab.hosts.first.map { "\($0.address):8080" } ?? ""
    let period = (try? String(contentsOfFile: folder.period, encoding: .utf8))?.split(separator: "\n").first ?? "30"
    let isSecure = lab.security == .tls
    let credentials = [
      "--cert", folder.certificate(of: name), "--key", folder.key(of: name), "--cacert", folder.authorities,
    ]
    let controller = Service(
      name: "controller",
      command: [
        executable, "controller", "--federation", folder.federation, "--state", folder.controller,
        "--listen", collector, "--socket", folder.controllerSocket,
      ] + (isSecure ? ["--cert-dir", folder.authority] : []), log: folder.controller + "/controller.log")
    return (name == lab.hosts.first?.host.name ? [controller] : []) + [
      Service(name: "libvirtd", command: HypervisorSettings.command(lab.security), log: own + "/libvirtd.log"),
      Service(
        name: "agent",
        command: [
          executable, "host", "--name", name, "--lab", folder.document, "--state", own, "--collector", collector,
          "--period", "\(period)s",
        ] + (isSecure ? credentials : []),
        log: own + "/agent.log"),
    ]
  }
}

extension Part {
  /// Machines are at the ends.
  var forwards: Bool {
    if case .machine = self { false } else { true }
  }
}
