internal import Answers
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Trust
internal import Wire

/// What has happened, and with `follow` what happens, as server-sent events.
extension APIResponder {
  func events(_ asked: Asked, _ caller: Caller, _ connection: Connection) async throws -> Response {
    let wanted = try Wanted(asked, caller, at: now())
    let slot = try (wanted.isFollowed ? followers : slots).take(for: caller)
    let content =
      wanted.isFollowed ? followed(wanted, asked, caller, connection, slot) : kept(wanted, caller, slot)
    let type = wanted.isFollowed ? "text/event-stream" : "application/json"
    return Response(status: .ok, headers: .plain(type), body: content)
  }

  private struct Wanted {
    var since: Timestamp
    var isFollowed: Bool
    var application: String?

    @inline(never) init(_ asked: Asked, _ caller: Caller, at now: Timestamp) throws {
      try caller.require(.applications)
      let values = try asked.parameters.values(of: "since", "follow", "application")
      isFollowed = try values.flag("follow")
      application = values["application"]
      if let application { try caller.require(.read, on: .application(application)) }
      since = Timestamp(nanoseconds: isFollowed ? now.nanoseconds : 0)
      if let text = values["since"] { since = try Self.time(text, at: now) }
      // Of a follower that comes back: from the last that it has seen.
      if isFollowed, let name = HTTPField.Name("Last-Event-ID"), let last = asked.head.headerFields[name],
        let time = Timestamp(last)
      {
        since = time
      }
    }

    /// So long ago, or a time.
    private static func time(_ text: String, at now: Timestamp) throws -> Timestamp {
      if let time = Timestamp(text) { return time }
      guard let span = DurationText.nanoseconds(text), span >= 0 else {
        throw APIError(
          .badRequest, "since is \"\(text.asWritten)\": give a length of time as 10m or 1d, or a time with its zone")
      }
      return now.advanced(byNanoseconds: -span)
    }

    func has(_ event: ControllerEvent, for caller: Caller) -> Bool {
      guard application.map({ $0 == event.application }) ?? true else { return false }
      return caller.isScoped ? caller.sees(application: event.application) : true
    }
  }

  // MARK: - Those that are kept

  private func kept(_ wanted: Wanted, _ caller: Caller, _ slot: Slots.Slot) -> ResponseBody {
    let events = controller.events(since: wanted.since, follow: false)
    let piece = limits.piece
    return ResponseBody { writer in
      var text = Array("{\"events\":[".utf8)
      var separator = "\n"
      for await event in events where wanted.has(event, for: caller) {
        text += Array(separator.utf8) + JSONText.line(EventDocument(event)).dropLast()
        separator = ",\n"
        if text.count >= piece {
          try await writer.write(text, pieces: piece)
          text = []
        }
      }
      try await writer.write(text + Array("]}\n".utf8), pieces: piece)
      try await writer.finish(nil)
      withExtendedLifetime(slot) {}
    }
  }

  // MARK: - Those that come

  /// Something is written at least so often, in seconds: whoever stands between knows that the connection lives.
  private static let heartbeat = 15

  private func followed(
    _ wanted: Wanted, _ asked: Asked, _ caller: Caller, _ connection: Connection, _ slot: Slots.Slot
  ) -> ResponseBody {
    let events = controller.events(since: wanted.since, follow: true)
    let piece = limits.piece
    /// Why nothing more is told: their token was revoked, or has expired.
    let refusal = { @Sendable [admission, now] in admission.refusal(of: asked.head, from: asked.address, at: now()) }
    return ResponseBody { writer in
      let (news, feed) = AsyncStream.makeStream(of: News.self, bufferingPolicy: .bufferingOldest(256))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await event in events where wanted.has(event, for: caller) {
            // A reader who takes its time is waited for; meanwhile the log keeps what comes, as far as it does.
            while case .dropped = feed.yield(.event(event)) { try await Task.sleep(for: .milliseconds(50)) }
          }
          feed.finish()
        }
        group.addTask {
          var isRefused = false
          while !isRefused {
            try await Task.sleep(for: .seconds(1))
            feed.yield(.second)
            isRefused = refusal() != nil
          }
          // Whoever hasn't read the last line by then is waited for no more.
          try await Task.sleep(for: .seconds(1))
          connection.close()
        }
        defer { group.cancelAll() }
        var silence = 0
        // The head of the answer goes out at once.
        try await writer.write(Array(": transhumance\n\n".utf8), pieces: piece)
        for await item in news {
          // Also before each of the many that may wait to be told.
          if let refusal = refusal() {
            try await writer.write(Self.ending(refusal), pieces: piece)
            break
          }
          switch item {
          case .event(let event):
            silence = 0
            try await writer.write(Self.message(event), pieces: piece)
          case .second:
            silence += 1
            guard silence >= Self.heartbeat else { continue }
            silence = 0
            try await writer.write(Array(":\n\n".utf8), pieces: piece)
          }
        }
        try await writer.finish(nil)
      }
      withExtendedLifetime(slot) {}
    }
  }

  private enum News {
    case event(ControllerEvent)
    case second
  }

  /// As https://html.spec.whatwg.org/multipage/server-sent-events.html has it; its number is its time.
  private static func message(_ event: ControllerEvent) -> [UInt8] {
    let document = EventDocument(event)
    let head = "id: \(document.time)\nevent: \(document.kind.onOneLine)\ndata: "
    return Array(head.utf8) + JSONText.line(document) + [0x0a]
  }

  /// The last, where nothing more may be told.
  private static func ending(_ reason: String) -> [UInt8] {
    Array("event: end\ndata: ".utf8) + JSONText.line(["error": reason]) + [0x0a]
  }
}
