internal import Linux
package import Model
package import Storage

/// Tells operators when the store's disk fills up, before it is full, and when it takes no more.
final class StoreWatch: Sendable {
  private let store: any Store
  private let refusal: @Sendable () async -> StoreError?
  private let events: EventLog
  private let pause: @Sendable (Duration) async throws -> Void

  /// - Parameters:
  ///   - refusal: why the store took no report the last time, if it didn't.
  ///   - pause: waits; injected, so that tests need no real time.
  init(
    store: any Store, refusal: @escaping @Sendable () async -> StoreError?, events: EventLog,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    (self.store, self.refusal, self.events, self.pause) = (store, refusal, events, pause)
  }

  /// Until cancelled.
  func run() async {
    var alarm = RoomAlarm()
    while !Task.isCancelled {
      let room = try? await store.room()
      if let news = alarm.judge(room?.free, refusal: await refusal(), at: .now) {
        events.add(.controller, news.text, level: news.level)
      }
      guard (try? await pause(.seconds(10))) != nil else { return }
    }
  }
}

/// What there is to be said about a disk's room, once when it changes.
package struct RoomAlarm: Sendable {
  package struct News: Hashable, Sendable {
    package var text: String
    package var level: EventLog.Level
  }

  private enum State: Hashable {
    case well, low
    case refusing(StoreError.Code)
  }
  private var state = State.well
  /// Of the last hour, by which it is told how fast it fills.
  private var samples: [(time: Timestamp, free: Int64)] = []

  /// Bytes that are too few in any case.
  package static let least: Int64 = 1 << 30
  /// It has to last for so long at least, hours.
  package static let leastHours = 24.0
  /// Growth over less than this says nothing, seconds.
  private static let leastSeconds = 600.0
  private static let mostSeconds = 3600.0

  package init() {}

  /// - Parameters:
  ///   - free: bytes; nil: not known.
  ///   - refusal: why no report was taken the last time.
  /// - Returns: nil where there is nothing new.
  package mutating func judge(_ free: Int64?, refusal: StoreError?, at time: Timestamp) -> News? {
    if let free { samples.append((time, free)) }
    samples.removeAll { time.seconds - $0.time.seconds > Self.mostSeconds || $0.time > time }
    if let refusal {
      defer { state = .refusing(refusal.code) }
      guard state != .refusing(refusal.code) else { return nil }
      return News(
        text: "reports can't be kept, and are not acknowledged; hosts keep them: \(refusal)", level: .error)
    }
    let before = state
    let hours = hoursLeft
    if let free, isLow(free, hours, wasLow: before == .low) {
      state = .low
      guard before != .low else { return nil }
      let lasts = hours.map { ", enough for \(Self.words(hours: $0)) at the present rate" } ?? ""
      return News(
        text: "the disk of the store has \(free >> 20) MiB left\(lasts): make room, keep fewer periods (--keep), or have "
          + "older ones rolled up (--rollup)", level: .warning)
    }
    state = .well
    switch before {
    case .well: return nil
    case .low: return News(text: "the disk of the store has room again", level: .info)
    case .refusing: return News(text: "reports are kept again", level: .info)
    }
  }

  /// Once it is low it stays so until there is half as much again.
  private func isLow(_ free: Int64, _ hours: Double?, wasLow: Bool) -> Bool {
    let margin = wasLow ? 1.5 : 1
    return Double(free) < margin * Double(Self.least) || hours.map { $0 < margin * Self.leastHours } ?? false
  }

  /// Nil where it doesn't get less, or isn't known.
  private var hoursLeft: Double? {
    guard let first = samples.first, let last = samples.last, first.free > last.free,
      last.time.seconds - first.time.seconds >= Self.leastSeconds
    else { return nil }
    let perHour = Double(first.free - last.free) / (last.time.seconds - first.time.seconds) * 3600
    return Double(last.free) / perHour
  }

  private static func words(hours: Double) -> String {
    hours < 2 ? "\(Int(hours * 60)) minutes" : "\(Int(hours)) hours"
  }
}
