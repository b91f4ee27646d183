import Agent
import Foundation
import Logging
import SwiftProtobuf
import Synchronization
import Testing
import Wire

struct CommandDeskTests {
  private let path = NSTemporaryDirectory() + "/commands-\(UInt64.random(in: 0 ... .max))"
  private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func command(_ identifier: String) -> CommandDesk.Command {
    .with {
      $0.identifier = identifier
      $0.migrate.vm = "vm1"
    }
  }

  /// Answers until the command's end.
  private func answers(
    to identifier: String, of desk: CommandDesk, _ stream: AsyncStream<CommandDesk.Answer>
  ) async -> [CommandDesk.Answer] {
    var answers: [CommandDesk.Answer] = []
    for await answer in stream where answer.identifier == identifier {
      answers.append(answer)
      if case .end? = answer.content { break }
    }
    return answers
  }

  private func connect(_ desk: CommandDesk) async -> AsyncStream<CommandDesk.Answer> {
    let (stream, continuation) = AsyncStream.makeStream(of: CommandDesk.Answer.self)
    _ = await desk.connect { continuation.yield($0) }
    return stream
  }

  /// Tells a step, how far the copying is, and the end.
  private static func move(_ tell: @Sendable (MigrateProgress) async -> Void) async {
    await tell(.with { $0.step.step = "copying" })
    await tell(.with { $0.copy.totalBytes = 5 })
    await tell(.with { $0.finished.result = "done" })
  }

  @Test func carriedOutOnce() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let count = Counter()
    let desk = try CommandDesk(path: path, logger: logger) { _, isInterrupted, tell in
      #expect(!isInterrupted)
      count.add()
      await Self.move(tell)
      return ""
    }
    let first = await connect(desk)
    await desk.take(command("x"))
    #expect(await answers(to: "x", of: desk, first).count == 4)
    // The connection was lost before the answers were there.
    let second = await connect(desk)
    await desk.take(command("x"))
    let again = await answers(to: "x", of: desk, second)
    #expect(again.map(\.content).map { $0 == .end(.init()) } == [false, true])
    #expect(again.first?.progress.finished.result == "done")
    #expect(count.value == 1)
    // So it is after a restart.
    let restarted = try CommandDesk(path: path, logger: logger) { _, _, _ in
      Issue.record("carried out twice")
      return ""
    }
    let third = await connect(restarted)
    await restarted.take(command("x"))
    #expect(await answers(to: "x", of: restarted, third).count == 2)
  }

  @Test func failureIsTold() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let desk = try CommandDesk(path: path, logger: logger) { _, _, _ in "no room" }
    let stream = await connect(desk)
    await desk.take(command("x"))
    #expect(await answers(to: "x", of: desk, stream).last?.end.failure == "no room")
  }

  /// Names of 253 characters, of an application and a VM, are in the identifier of a start.
  @Test(arguments: [(600, ""), (5000, "its identifier has 5000 octets, not 1 to 4096")])
  func longIdentifiersAreAnswered(length: Int, failure: String) async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let desk = try CommandDesk(path: path, logger: logger) { _, _, _ in "" }
    let (identifier, stream) = (String(repeating: "x", count: length), await connect(desk))
    await desk.take(command(identifier))
    #expect(await answers(to: identifier, of: desk, stream).map(\.end.failure) == [failure])
  }

  /// A command that is being carried out and comes again is told from where it is.
  @Test func comesAgainWhileItRuns() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let (begun, tellBegun) = AsyncStream.makeStream(of: Void.self)
    let desk = try CommandDesk(path: path, logger: logger) { _, _, tell in
      await Self.move(tell)
      tellBegun.finish()
      for await _ in gate {}
      return ""
    }
    await desk.take(command("x"))
    for await _ in begun {}
    let stream = await connect(desk)
    await desk.take(command("x"))
    open.finish()
    // The step and the move's end; not how far the copying was.
    #expect(await answers(to: "x", of: desk, stream).count == 3)
  }

  /// The agent was killed while it carried it out.
  @Test func interruptedIsSaid() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(FileManager.default.createFile(atPath: path, contents: Data("{\"identifier\":\"x\"}\n{\"identifi".utf8)))
    let desk = try CommandDesk(path: path, logger: logger) { _, isInterrupted, _ in isInterrupted ? "again" : "anew" }
    let stream = await connect(desk)
    await desk.take(command("x"))
    #expect(await answers(to: "x", of: desk, stream).last?.end.failure == "again")
  }
}

final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}
