import ArgumentParser
import Model

/// A length of time on the command line: `30s`, `500ms`, `5m`, `1h`, `1d`, or plain seconds.
struct TimeSpan: ExpressibleByArgument, Hashable {
  /// Below zero where somebody says so: the range is for whoever takes it to tell.
  var nanoseconds: Int64

  var seconds: Double { Double(nanoseconds) / 1e9 }

  init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }
  init(microseconds: Int64) { nanoseconds = microseconds * 1000 }

  init?(argument: String) {
    guard let nanoseconds = DurationText.nanoseconds(argument) else { return nil }
    self.nanoseconds = nanoseconds
  }

  var defaultValueDescription: String { description }
  var description: String {
    nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1000)us"
  }
}
