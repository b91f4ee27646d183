import Agent
import ArgumentParser
import GRPCCore
import Linux
import Model
import SwiftProtobuf
import Wire

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Tells what the controller has seen, decided and done.",
    discussion: """
      With --follow it goes on with what happens, waits for a controller that \
      is away, and goes on from the last event that it has shown.

      Examples:
        transhumance events
        transhumance events --follow
        transhumance events --since 10m
        transhumance events --application cg --format json

      Exit codes: 0 done, 1 failed, 2 usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Flag(name: [.customShort("f"), .long], help: "Go on with what happens; Ctrl-C ends it.") var follow = false
  @Option(help: ArgumentHelp("Only those of one application.", valueName: "name")) var application: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "From then on: so long ago (10m, 1d), or a time (2026-11-24T15:46:00Z); all that are kept unless given.",
      valueName: "time"),
    transform: EventsCommand.start(reading:))
  var since: Timestamp?
  @Option(help: "How events are printed; JSON has a document a line.") var format: Format = .table
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    if let application { try await requireKnown(application) }
    let feed = EventFeed(since: since) { [format] in try $0.write(format) }
    guard follow else { return try await read(feed) }
    var backoff = Backoff()
    var generator = SystemRandomNumberGenerator()
    while true {
      do {
        try await read(feed)
      } catch let error where feed.hasBegun && error.isOfAbsence {}
      // The controller was stopped, or is gone.
      if feed.leave() { backoff.reset() }
      try await Task.sleep(for: min(backoff.next(using: &generator), Backoff.longest))
    }
  }

  /// - Throws: where the text is neither a time nor a length of time.
  private static func start(reading text: String) throws -> Timestamp {
    if let time = Timestamp(text) { return time }
    guard let span = TimeSpan(argument: text), span.nanoseconds >= 0 else {
      throw ValidationError("a length of time from 0 on, as 10m or 1d, or a time with its zone.")
    }
    return Timestamp.now.advanced(byNanoseconds: -span.nanoseconds)
  }

  /// All that there is from where the feed is, and with `follow` what comes, for as long as the controller is there.
  private func read(_ feed: EventFeed) async throws {
    let request = Transhumance_V1_EventsRequest.with {
      $0.since = feed.since
      $0.follow = follow
      $0.application = application ?? ""
    }
    try await controller.withController { client in
      try await client.events(request) { answer in
        _ = try answer.accepted.get()
        feed.enter()
        for try await event in answer.messages { try feed.take(event) }
      }
    }
  }

  /// An application that isn't there any more has events of when it was.
  private func requireKnown(_ name: String) async throws {
    let known = try await controller.overview().applications.map(\.name)
    if known.contains(name) { return }
    let request = Transhumance_V1_EventsRequest.with { $0.application = name }
    let hasEvents = try await controller.withController { client in
      try await client.events(request) { answer in
        try await answer.messages.reduce(false) { _, _ in true }
      }
    }
    guard !hasEvents else { return }
    let others = known.isEmpty ? "there is none" : "there are \(known.joined(separator: ", "))"
    throw CommandFailure(message: "there is no application \"\(name)\": \(others)")
  }
}
