import Foundation
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// A folder for `transhumance controller` of the hosts a1 and b1, on loopback.
struct ControllerFolder {
  let url: URL
  private var federation: URL { url.appending(path: "federation.yaml") }

  init(_ url: URL) throws {
    self.url = url
    let text = """
      sites:
        - {name: a, kind: grid, hosts: [{name: a1, vcpus: 4, memoryGiB: 8}]}
        - {name: b, kind: cloud, hosts: [{name: b1, vcpus: 4, memoryGiB: 8}]}
      links:
        sameHost: {latencyMs: 0.02, bandwidthMbps: 20000}
        sameSite: {latencyMs: 0.1, bandwidthMbps: 10000}
        betweenSites: {latencyMs: 10, bandwidthMbps: 1000}

      """
    try Data(text.utf8).write(to: federation)
  }

  var store: String { url.path + "/controller.sqlite" }
  var socket: String { url.path + "/controller.sock" }

  /// Runs a controller for as long as the body does, which begins when it listens.
  func withController<Result>(_ body: () async throws -> Result) async throws -> Result {
    let controller = try RunningCommand(
      Command.executable.path,
      ["controller", "--federation", federation.path, "--state", url.path, "--listen", "127.0.0.1:0"],
      in: url, name: "controller-\(UUID().uuidString)")
    let result: Swift.Result<Result, any Error>
    do {
      try await controller.wait(for: "listens at", in: \.errors)
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    _ = try await controller.end(by: SIGTERM)
    return try result.get()
  }
}

/// A command that goes on until it is interrupted, or this value is gone; five minutes at most. Nothing here holds a
/// thread while it waits: hundreds of tests share two.
final class RunningCommand: Sendable {
  private enum State {
    case starting
    case running(pid_t)
    case ended(Result<TerminationStatus, any Error>)
  }

  private let state = Shared(State.starting)
  private let output: URL
  private let error: URL

  /// - Parameters:
  ///   - folder: where files take what it says.
  ///   - name: of those files.
  init(_ executable: String, _ arguments: [String], in folder: URL, name: String) throws {
    output = folder.appending(path: "\(name).output")
    error = folder.appending(path: "\(name).error")
    let files = try [output, error].map { url in
      try FileDescriptor.open(
        url.path, .writeOnly, options: [.create, .append], permissions: .ownerReadWrite, retryOnInterrupt: true)
    }
    Task { [state] in
      let ending: Result<TerminationStatus, any Error>
      do {
        let run = try await Subprocess.run(
          .name("timeout"), arguments: Arguments(["-s", "KILL", "300", executable] + arguments), input: .none,
          output: .fileDescriptor(files[0], closeAfterSpawningProcess: true),
          error: .fileDescriptor(files[1], closeAfterSpawningProcess: true)
        ) { execution in
          let process = execution.processIdentifier.value
          state.withLock { $0 = .running(process) }
        }
        ending = .success(run.terminationStatus)
      } catch {
        ending = .failure(error)
      }
      state.withLock { $0 = .ended(ending) }
    }
  }

  deinit {
    state.withLock { if case .running(let process) = $0 { kill(process, SIGTERM) } }
  }

  /// Whole lines on standard output so far.
  var lines: [String] { Self.lines(of: output) }

  /// Whole lines on standard error so far.
  var errors: [String] { Self.lines(of: error) }

  private static func lines(of file: URL) -> [String] {
    let bytes = FileManager.default.contents(atPath: file.path) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
  }

  /// How it ended; nil while it goes on.
  private var ending: Result<TerminationStatus, any Error>? {
    state.withLock { if case .ended(let ending) = $0 { ending } else { nil } }
  }

  /// Returns when a line has those words, or fails after two minutes, and once it has ended.
  func wait(for words: String, in lines: KeyPath<RunningCommand, [String]> = \.lines) async throws {
    for _ in 0..<6000 {
      let ending = ending
      if self[keyPath: lines].contains(where: { $0.contains(words) }) { return }
      if ending != nil { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(Bool(false), "waited in vain for \"\(words)\": \(self.lines) \(errors)")
  }

  /// - Returns: the signal that has ended it; nil: it ended by itself.
  func end(by signal: Int32) async throws -> Int32? {
    state.withLock { if case .running(let process) = $0 { kill(process, signal) } }
    for _ in 0..<3000 where ending == nil { try await Task.sleep(for: .milliseconds(20)) }
    let ending = try #require(ending, "it goes on after signal \(signal): \(lines) \(errors)")
    return if case .signaled(let signal) = try ending.get() { signal } else { nil }
  }
}

/// A value that tasks share.
private final class Shared<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  func withLock<Result>(_ body: (inout sending Value) -> sending Result) -> sending Result { value.withLock(body) }
}
