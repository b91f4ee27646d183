import Foundation
import Model
import Storage
import Testing
import Traffic

/// What needs a process of its own: this test program, run once more with what to do in its environment.
@Suite struct ChildStoreTests {
  private static let variable = "TRANSHUMANCE_STORE_CHILD"
  private static let task = ProcessInfo.processInfo.environment[variable]

  /// Without holding a thread: other tests need the few that there are, and Foundation one to notice the end.
  private static func end(of child: Process) async throws {
    while child.isRunning { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// Whether mounts of one's own are allowed.
  private static let isRoot = geteuid() == 0

  @Test(.enabled(if: task == nil), arguments: StoreKind.allCases)
  func whatWasSavedOutlivesAKilledController(kind: StoreKind) async throws {
    try await withStorePlace(kind) { place in
      for round in 0..<3 {
        let child = Self.child("write \(round) \(kind) \(place.address)", command: ["/proc/\(getpid())/exe"])
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        var saved = Self.sequences(in: pipe, until: 20 + 10 * round)
        kill(child.processIdentifier, SIGKILL)
        try await Self.end(of: child)
        saved += Self.sequences(in: pipe, until: .max)
        #expect(child.terminationReason == .uncaughtSignal)
        #expect(saved.count >= 20)
        let store = try await place.open()
        let held = try await store.reports(of: .sample(Int64(round))).map(\.sequence)
        #expect(held.starts(with: saved))
        // At most the one that was being saved is there unacknowledged.
        #expect(held.count <= saved.count + 1)
      }
    }
  }

  /// A leader that is stopped for longer than its term, and goes on as if nothing had been.
  @Test(.enabled(if: task == nil)) func aStoppedLeaderChangesNothingLater() async throws {
    try await withStorePlace(.postgres) { place in
      let child = Self.child("lead \(place.kind) \(place.address)", command: ["/proc/\(getpid())/exe"])
      let pipe = Pipe()
      child.standardOutput = pipe
      try child.run()
      defer { kill(child.processIdentifier, SIGKILL) }
      #expect(Self.sequences(in: pipe, until: 20).count >= 20)
      kill(child.processIdentifier, SIGSTOP)
      let server = try PostgresServer.shared.get()
      try server.sql("UPDATE transhumance.lease SET expires = clock_timestamp()", in: place.address)
      try await place.lead { store in
        try await store.set(Data("new".utf8), forKey: "leader")
        kill(child.processIdentifier, SIGCONT)
        // It ends when it is refused.
        _ = Self.sequences(in: pipe, until: .max)
        try await Self.end(of: child)
        #expect(child.terminationReason == .exit)
        #expect(child.terminationStatus == 0)
        #expect(try await store.value(forKey: "leader") == Data("new".utf8))
      }
    }
  }

  @Test(.enabled(if: task == nil && isRoot)) func aFullDiskLosesNothing() async throws {
    try await withTemporaryFolder { try await Self.runOnDisk("fill", at: $0, options: "size=600k") }
  }

  @Test(.enabled(if: task == nil && isRoot)) func aReadOnlyFolderIsSaid() async throws {
    try await withTemporaryFolder { try await Self.runOnDisk("read-only", at: $0, options: "ro") }
  }

  @Test(.enabled(if: task != nil)) func child() async throws {
    let words = (Self.task ?? "").split(separator: " ").map(String.init)
    let path = try #require(words.last)
    switch words.first {
    case "write":
      let place = StorePlace(kind: try #require(StoreKind(rawValue: words[2])), address: path)
      try await write(period: try #require(Int64(words[1])), place)
    case "lead": try await lead(StorePlace(kind: try #require(StoreKind(rawValue: words[1])), address: path))
    case "fill": try await fill(path)
    default:
      let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: path) }
      #expect(error?.code == .notWritable)
    }
  }

  /// Until it is killed.
  private func write(period: Int64, _ place: StorePlace) async throws {
    let store = try await place.open()
    for sequence in 1...UInt64.max {
      try await store.save(.sample(incarnation: UInt64(period), sequence: sequence, period: period))
      FileHandle.standardOutput.write(Data("saved \(sequence)\n".utf8))
    }
  }

  /// Until it leads no more.
  private func lead(_ place: StorePlace) async throws {
    let store = try await place.open()
    let lease = try #require(try await store.takeLease(as: "old", for: .seconds(3600), above: 0))
    let leading = store.leading(under: lease)
    var failure: StoreError?
    for number in 1...UInt64.max {
      do {
        try await leading.set(Data("\(number)".utf8), forKey: "leader")
        FileHandle.standardOutput.write(Data("saved \(number)\n".utf8))
      } catch {
        failure = error as? StoreError
        break
      }
    }
    #expect(failure?.code == .notLeading)
  }

  private func fill(_ path: String) async throws {
    let ballast = path + ".ballast"
    try Data(count: 200_000).write(to: URL(filePath: ballast))
    var store: SQLiteStore? = try SQLiteStore(path: path)
    var saved: [UInt64] = []
    var failure: StoreError?
    while failure == nil, saved.count < 10_000 {
      let sequence = UInt64(saved.count + 1)
      do {
        try await store?.save(.sample(sequence: sequence))
        saved.append(sequence)
      } catch { failure = error as? StoreError }
    }
    #expect(failure?.code == .full)
    #expect(try await store?.reports(of: .sample(0)).map(\.sequence) == saved)
    try FileManager.default.removeItem(atPath: ballast)
    saved.append(UInt64(saved.count + 1))
    try await store?.save(.sample(sequence: UInt64(saved.count)))
    store = nil
    #expect(try await SQLiteStore(path: path).reports(of: .sample(0)).map(\.sequence) == saved)
  }

  private static func child(_ task: String, command: [String]) -> Process {
    let child = Process()
    child.executableURL = URL(filePath: command[0])
    child.arguments = command.dropFirst() + ["--testing-library", "swift-testing", "--filter", "ChildStoreTests"]
    child.environment = ProcessInfo.processInfo.environment.merging([variable: task]) { $1 }
    return child
  }

  /// With a file system of its own at the folder, seen by the child alone.
  private static func runOnDisk(_ task: String, at folder: String, options: String) async throws {
    let mount = "mount -t tmpfs -o \(options) tmpfs \(folder) && exec \"$@\""
    let child = child(
      "\(task) \(folder)/controller.db",
      command: ["/usr/bin/env", "unshare", "-m", "sh", "-c", mount, "sh", "/proc/\(getpid())/exe"])
    let pipe = Pipe()
    child.standardOutput = pipe
    child.standardError = pipe
    try child.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    try await Self.end(of: child)
    #expect(child.terminationStatus == 0, "\(output)")
    #expect(output.contains("child()"), "\(output)")
  }

  /// Numbers of the lines `saved 17`, at least that many unless the output ends before.
  private static func sequences(in pipe: Pipe, until count: Int) -> [UInt64] {
    var text = Data()
    var found: [UInt64] = []
    while found.count < count {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      text.append(data)
      guard let end = text.lastIndex(of: 0x0a) else { continue }
      found += text[...end].split(separator: 0x0a).compactMap { line in
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        return words.first == "saved" ? words.last.flatMap { UInt64($0) } : nil
      }
      text = Data(text[(end + 1)...])
    }
    return found
  }
}
