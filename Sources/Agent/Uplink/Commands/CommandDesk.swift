package import Logging
internal import SwiftProtobuf
package import Wire

/// Carries out the controller's commands, each once: one that comes again, since a connection was lost before its answer
/// was there, is answered with what is known of it.
package actor CommandDesk {
  package typealias Answer = Transhumance_V1_CommandAnswer
  package typealias Command = Transhumance_V1_Command
  /// Carries a command out. `isInterrupted`: an agent before this one had begun. The result is why it wasn't done;
  /// empty: it was.
  package typealias Perform =
    @Sendable (_ command: Command, _ isInterrupted: Bool, _ tell: @escaping @Sendable (MigrateProgress) async -> Void)
    async -> String

  /// Commands that have ended are remembered so long.
  package static let kept = 1000

  private enum State {
    /// By an agent before this one.
    case interrupted
    /// With all it has told but how far the copying is.
    case running(told: [MigrateProgress])
    case ended(CommandRecord.End)
  }

  private let journal: Journal<CommandRecord>
  private let perform: Perform
  private let logger: Logger
  private let heard: HeardEpoch
  private var states: [String: State] = [:]
  /// In the order in which they were begun.
  private var order: [String] = []
  private var link: (number: Int, send: @Sendable (Answer) -> Void)?
  private var lastLink = 0

  /// - Parameters:
  ///   - path: of the journal.
  ///   - heard: commands of leaders of a lower epoch aren't carried out.
  /// - Throws: where the journal can't be used.
  package init(
    path: String, logger: Logger, heard: HeardEpoch = HeardEpoch(), perform: @escaping Perform
  ) throws {
    self.heard = heard
    let (journal, records) = try Journal<CommandRecord>.open(path: path, keep: CommandRecord.kept)
    self.journal = journal
    self.perform = perform
    self.logger = logger
    for record in records {
      order.append(record.identifier)
      states[record.identifier] = record.end.map { .ended($0) } ?? .interrupted
    }
  }

  // MARK: - The connection in force

  /// - Returns: a number by which the connection is taken away again.
  package func connect(_ send: @escaping @Sendable (Answer) -> Void) -> Int {
    lastLink += 1
    link = (lastLink, send)
    return lastLink
  }

  package func disconnect(_ number: Int) {
    if link?.number == number { link = nil }
  }

  // MARK: - Commands

  package func take(_ command: Command) {
    let identifier = command.identifier
    if let failure = refusal(of: command) {
      logger.error("a command isn't carried out: \(failure)")
      // Whoever gave it would wait for ever. It isn't written down: a later leader may give the same command.
      CommandRecord.End(failure: failure).answers(identifier).forEach { link?.send($0) }
      return
    }
    switch states[identifier] {
    case .ended(let end): end.answers(identifier).forEach { link?.send($0) }
    case .running(let told):
      for progress in told { send(progress, of: identifier) }
    case .interrupted: begin(command, isInterrupted: true)
    case nil:
      order.append(identifier)
      note(CommandRecord(identifier: identifier, by: command.by.asPerson))
      begin(command, isInterrupted: false)
    }
  }

  private func refusal(of command: Command) -> String? {
    let count = command.identifier.utf8.count
    guard (1...WireLimits.longestIdentifier).contains(count) else {
      return "its identifier has \(count) octets, not 1 to \(WireLimits.longestIdentifier)"
    }
    // Controllers of the first version of the messages have none.
    guard command.epoch == 0 || heard.hear(command.epoch) else {
      return "it is of a leader of epoch \(command.epoch), and this host has heard of one of \(heard.highest)"
    }
    return nil
  }

  private func begin(_ command: Command, isInterrupted: Bool) {
    states[command.identifier] = .running(told: [])
    let by = command.by.isEmpty ? "" : " by \(command.by.asPerson)"
    logger.info("the controller's command \(command.identifier)\(by)\(isInterrupted ? " again" : "")")
    Task {
      let failure = await perform(command, isInterrupted) { await self.tell($0, of: command.identifier) }
      end(command.identifier, failure)
    }
  }

  private func tell(_ progress: MigrateProgress, of identifier: String) {
    if case .running(let told) = states[identifier], !progress.isTransient {
      states[identifier] = .running(told: told + [progress])
    }
    send(progress, of: identifier)
  }

  private func end(_ identifier: String, _ failure: String) {
    var move: MoveReport?
    if case .running(let told) = states[identifier] { move = told.compactMap(\.finishedMove).last }
    let end = CommandRecord.End(failure: failure, move: move)
    states[identifier] = .ended(end)
    note(CommandRecord(identifier: identifier, end: end))
    if !failure.isEmpty { logger.warning("the controller's command \(identifier) wasn't done: \(failure)") }
    // The move's end was told already.
    if let answer = end.answers(identifier).last { link?.send(answer) }
    forgetOldest()
  }

  private func send(_ progress: MigrateProgress, of identifier: String) {
    link?.send(
      .with {
        $0.identifier = identifier
        $0.progress = progress
      })
  }

  private func forgetOldest() {
    while order.count > Self.kept, let index = order.firstIndex(where: { isOver($0) }) {
      states[order.remove(at: index)] = nil
    }
  }

  private func isOver(_ identifier: String) -> Bool {
    if case .running = states[identifier] { false } else { true }
  }

  private func note(_ record: CommandRecord) {
    do { try journal.append(record) } catch { logger.critical("the journal of commands can't be written: \(error)") }
  }
}

extension MigrateProgress {
  /// The next such message makes it obsolete.
  fileprivate var isTransient: Bool {
    if case .copy? = progress { true } else { false }
  }

  var finishedMove: MoveReport? {
    if case .finished(let report)? = progress { report } else { nil }
  }
}
