import Documents
import Foundation
package import Model

/// The one lab of this machine: making it, taking it down, and what it is like.
package struct Laboratory: Sendable {
  package let folder: LabFolder
  /// This program's own path.
  let executable: String

  package init(folder: LabFolder = .standard, executable: String) {
    self.folder = folder
    self.executable = executable
  }

  /// The lab that is up.
  /// - Throws: where none is
  package func current() throws(LabError) -> (lab: LabDescription, processes: LabProcesses) {
    // Nobody else sees the namespaces of its processes.
    try Preflight.requireRoot()
    guard let processes = LabProcesses(), let bytes = FileManager.default.contents(atPath: folder.document) else {
      throw LabError("no lab is up: `transhumance lab up` makes one")
    }
    do {
      return (try LabDocument.parse([UInt8](bytes), file: folder.document).lab, processes)
    } catch {
      throw LabError("\(error)")
    }
  }

  /// Ends all of the lab and removes what it leaves; also what an earlier one left that was killed.
  /// - Returns: whether there was anything
  @discardableResult
  package func down() async throws -> Bool {
    try Preflight.requireRoot()
    let lock = try LabLock()
    defer { extendLifetime(lock) }
    return try await clear()
  }

  /// `down`, by whoever has the lock. Goes on when cancelled, since it waits in a thread that may.
  /// - Parameter first: a process that is known to be of the lab
  func clear(knowing first: pid_t? = nil) async throws -> Bool {
    let laboratory = self
    return try await Task.detached { try laboratory.clearBlocking(first) }.value
  }

  private func clearBlocking(_ first: pid_t?) throws(LabError) -> Bool {
    let hadFolder = folder.exists
    var remains = LabProcesses.remains()
    if let first = first.flatMap(LabProcesses.Identity.init) { remains.insert(first) }
    let found = !remains.isEmpty || hadFolder
    let deadline = ContinuousClock.now + .seconds(20)
    while !remains.isEmpty {
      guard ContinuousClock.now < deadline else {
        let numbers = remains.map { String($0.number) }.sorted().joined(separator: ", ")
        throw LabError("these processes of the lab don't end: \(numbers)")
      }
      for process in remains { kill(process.number, SIGKILL) }
      usleep(20_000)
      // Those that were started from here.
      while waitpid(-1, nil, WNOHANG) > 0 {}
      // One that is on its way out isn't seen to be of the lab any more.
      remains = LabProcesses.remains().union(remains).filter(\.isAlive)
    }
    LabContext(folder: folder).remove()
    try folder.remove()
    return found
  }
}

extension Laboratory {
  /// Whether a lab could be made here now; changes nothing.
  package func check(_ lab: LabDescription) throws {
    try Preflight.requireRoot()
    if LabProcesses() != nil {
      throw LabError("a lab is up already, and there is room for one on a machine: `transhumance lab down` ends it")
    }
    try Preflight(lab: lab).check()
    try LabContext(folder: folder).check()
    _ = try GuestImage(executable: executable)
  }

  /// - Throws: with what to do, where this process isn't root
  package static func requireRoot() throws(LabError) { try Preflight.requireRoot() }
}
