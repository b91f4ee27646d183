import Logging
import Synchronization

/// What a test's subject has logged.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .info
    return logger
  }

  func contain(_ words: String) -> Bool { lines.withLock { $0.contains { $0.contains(words) } } }

  /// Returns when a line has those words.
  func said(_ words: String) async {
    while !contain(words) { try? await Task.sleep(for: .milliseconds(2)) }
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
  }
}
