import Documents
import Foundation
import Libvirt
package import Model

extension Laboratory {
  /// How the caller finds out that the services of the lab are there and know all of it: closures that get the path of
  /// a service's socket and say what is still missing, or nil.
  package struct Checks: Sendable {
    var agent: @Sendable (_ socket: String) async -> String?
    var controller: @Sendable (_ socket: String) async -> String?

    package init(
      agent: @escaping @Sendable (_ socket: String) async -> String?,
      controller: @escaping @Sendable (_ socket: String) async -> String?
    ) {
      self.agent = agent
      self.controller = controller
    }
  }

  /// Makes a lab; on failure, and when the task is cancelled, nothing of it is left.
  ///
  /// - Parameters:
  ///   - document: its file, word for word
  ///   - period: of the agents' reports, seconds
  ///   - makeCredentials: makes an authority and the hosts' certificates in the folder; called for a lab with TLS
  package func up(
    _ lab: LabDescription, document: String, period: Int, progress: any LabProgress, checks: Checks,
    makeCredentials: @Sendable (LabDescription, LabFolder) throws -> Void
  ) async throws {
    try Preflight.requireRoot()
    let lock = try LabLock()
    defer { extendLifetime(lock) }
    try check(lab)
    let image = try GuestImage(executable: executable)
    if try await clear() { progress.step("cleared what an earlier lab left") }
    do {
      let kernel = try await GuestKernel.fetched(progress)
      progress.step("making \(lab.federation.sites.count) sites of \(lab.hosts.count) hosts")
      try folder.create(for: lab.hosts.map(\.host.name))
      if lab.security == .tls { try makeCredentials(lab, folder) }
      try await make(
        lab, document: document, period: period, image: image, kernel: kernel, progress: progress, checks: checks)
    } catch {
      _ = try await clear()
      if Task.isCancelled { throw CancellationError() }
      throw error
    }
  }

  private func make(
    _ lab: LabDescription, document: String, period: Int, image: GuestImage, kernel: GuestKernel,
    progress: any LabProgress, checks: Checks
  ) async throws {
    try folder.write(document, to: folder.document)
    try folder.write(FederationDocument.text(of: lab.federation), to: folder.federation)
    try folder.write("\(period)\n", to: folder.period)
    try folder.write(lab.hostTable, to: folder.path + "/hosts.txt")
    let first = try startFirst()
    defer { close(first.keeper) }
    do {
      try await image.write(
        to: folder.initramfs, modules: kernel.modules, busybox: Tool.find("busybox") ?? "busybox")
      try await fill(lab, kernel: kernel, first: first.process, progress: progress, checks: checks)
    } catch {
      // It may be so young that nothing but its number tells that it is of the lab.
      _ = try await clear(knowing: first.process)
      throw error
    }
    keep(first.keeper)
  }

  /// Waits for the namespaces, and starts guests in them.
  private func fill(
    _ lab: LabDescription, kernel: GuestKernel, first: pid_t, progress: any LabProgress, checks: Checks
  ) async throws {
    let processes = try await namespaces(of: first)
    let acceleration = Acceleration.found(in: folder)
    let domains = lab.guests.map {
      DomainDescription($0, of: lab, acceleration: acceleration, kernel: kernel.image, folder: folder)
    }
    for domain in domains { try folder.write(domain.xml, to: folder.domain(of: domain.name)) }
    try await start(lab, processes, progress)
    try await boot(lab, progress)
    try await services(lab, progress, checks)
    if let first = lab.hosts.first {
      try LabContext(folder: folder).write(socket: folder.agentSocket(of: first.host.name))
    }
    // What interrupts from here on comes too late.
    try Task.checkCancellation()
  }

  /// Starts the process that holds everything. It ends when the file `keeper` is closed before `keep`.
  private func startFirst() throws(LabError) -> (process: pid_t, keeper: Int32) {
    let pipe = try Pipe()
    defer { close(pipe.readEnd) }
    let process = try ChildProcess.start(
      ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--ipc", "--propagation", "private", "--",
        executable] + Part.first.words(folder),
      .init(input: pipe.readEnd, log: folder.log))
    return (process, pipe.writeEnd)
  }

  private func keep(_ file: Int32) {
    var byte: UInt8 = 1
    // One byte of one.
    _ = unsafe write(file, &byte, 1)
  }

  /// Waits until all namespaces are wired and their services started.
  private func namespaces(of first: pid_t) async throws -> LabProcesses {
    try await poll(for: .seconds(60), "the namespaces of the lab aren't there after a minute; see \(folder.log)") {
      if let reason = try? String(contentsOfFile: folder.failure, encoding: .utf8) { throw LabError(reason) }
      guard FileManager.default.fileExists(atPath: folder.ready) else {
        // It ends by itself only in failure. (Other children are Subprocess's to wait for.)
        if ChildProcess.hasEnded(first), !FileManager.default.fileExists(atPath: folder.failure) {
          throw LabError("the lab's first process ended: \(lastLine(of: folder.log))")
        }
        return nil
      }
      return LabProcesses()
    }
  }

  func lastLine(of file: String) -> String {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it said nothing"
  }

  /// Looks every 50 ms until there is a value.
  func poll<Value>(
    for limit: Duration, _ failure: @autoclosure () -> String, _ look: () async throws -> Value?
  ) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
      if let value = try await look() { return value }
      guard ContinuousClock.now < deadline else { throw LabError(failure()) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

extension LabDescription {
  /// `/etc/hosts` of every host and machine.
  package var hostTable: String {
    var lines = ["127.0.0.1 localhost"]
    lines += hosts.map { "\($0.address) \($0.host.name)" }
    lines += machines.map { "\($0.address) \($0.name)" }
    lines += guests.compactMap { guest in guest.interfaces.first?.addresses.first.map { "\($0) \(guest.name)" } }
    return lines.joined(separator: "\n") + "\n"
  }
}
