internal import SwiftProtobuf
package import Wire

/// A command that its host hasn't brought to its end.
struct RunningCommand {
  var host: String
  var identifier: String
  var command: HostCommand
  /// Who wants it; empty: not known.
  var by: String
  var answers: AsyncThrowingStream<MigrateProgress, any Error>.Continuation
}

extension HostRegistry {
  /// Has a host carry out a command, once.
  ///
  /// The stream has the progress of a move (nothing for others) and ends when the command is done, or with
  /// `HostCommandError.failed`. Where the connection is lost it waits: the host gets the command again when it is back,
  /// and tells what came of it; steps may come twice then, and of many unread ones the newest are kept. Letting go of the
  /// stream doesn't end the command.
  ///
  /// - Parameters:
  ///   - identifier: unique. One that was used before, as before a restart of the controller, gives the outcome of
  ///     that time.
  ///   - by: who wants it, an operator or the loop.
  /// - Throws: `HostCommandError.notConnected` or `.notLeading`; then nothing was sent.
  package func run(
    _ command: HostCommand, on host: String, identifier: String = HostRegistry.identifier(), by: String = ""
  ) throws(HostCommandError) -> AsyncThrowingStream<MigrateProgress, any Error> {
    guard connections[host] != nil else { throw .notConnected(host: host) }
    guard rank.isValid else { throw .notLeading }
    let (stream, continuation) = AsyncThrowingStream.makeStream(
      of: MigrateProgress.self, bufferingPolicy: .bufferingNewest(256))
    let running = RunningCommand(
      host: host, identifier: identifier, command: command, by: by, answers: continuation)
    continuation.onTermination = { [weak self] end in
      guard case .cancelled = end else { return }
      Task { [weak self] in await self?.forget(identifier) }
    }
    commands.append(running)
    send(running)
    return stream
  }

  /// 128 random bits.
  package static func identifier() -> String {
    let number = UInt128.random(in: 0 ... .max)
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  private func forget(_ identifier: String) {
    commands.removeAll { $0.identifier == identifier }
  }

  /// Whatever comes of them, nobody will tell.
  func abandonCommands(to host: String, _ reason: String) {
    for running in commands where running.host == host {
      running.answers.finish(throwing: HostCommandError.failed(host: host, reason: reason))
    }
    commands.removeAll { $0.host == host }
  }

  /// Nothing where another controller may lead: it knows nothing of what this one would have done.
  func send(_ running: RunningCommand) {
    guard rank.isValid else { return }
    connections[running.host]?.send(
      .with { $0.command = running.command.message(running.identifier, epoch: rank.epoch, by: running.by) })
  }

  /// What a host says of a command; what was forgotten meanwhile is of no interest.
  func take(_ answer: Transhumance_V1_CommandAnswer, from host: String) {
    let concerned = commands.filter { $0.identifier == answer.identifier && $0.host == host }
    switch answer.content {
    case .progress(let progress):
      for running in concerned { running.answers.yield(progress) }
    case .end(let end):
      forget(answer.identifier)
      let failure = end.failure.isEmpty ? nil : HostCommandError.failed(host: host, reason: end.failure)
      for running in concerned { running.answers.finish(throwing: failure) }
    case nil: break
    }
  }
}
