import Linux
import Logging
import Model
import Synchronization

/// What has become of a host's reports, and of its connection.
final class HostRecord: Sendable {
  struct Connection: Encodable {
    /// Seconds since 1970.
    var at: Double
    var controller: String
  }

  struct State {
    /// Reports that were on the disk at the start.
    var found = 0
    /// Ends of the periods of those that were made since.
    var ends: [Timestamp] = []
    var acknowledged = 0
    /// Seconds from a period's end to its acknowledgement.
    var lateness: [Double] = []
    var connections: [Connection] = []
    var refused = 0
    var lost = 0

    var made: Int { found + ends.count }
  }

  private let state = Mutex(State())

  var now: State { state.withLock { $0 } }

  func find(_ count: Int) { state.withLock { $0.found = count } }

  /// A report is in the spool.
  func make(_ end: Timestamp) { state.withLock { $0.ends.append(end) } }

  /// The oldest so many, of all that there were, are acknowledged: they are in the order in which they were made.
  func acknowledge(_ count: Int) {
    let time = Timestamp.now
    state.withLock { state in
      while state.acknowledged < count {
        let index = state.acknowledged - state.found
        if index >= 0 { state.lateness.append(time.seconds - state.ends[index].seconds) }
        state.acknowledged += 1
      }
    }
  }

  func connect(to controller: String) {
    let time = Timestamp.now.seconds
    state.withLock { $0.connections.append(Connection(at: time, controller: controller)) }
  }

  func noteRefusal() { state.withLock { $0.refused += 1 } }
  func noteLoss() { state.withLock { $0.lost += 1 } }
}

/// Counts what the client and the spool say, and passes on what is wrong.
struct RecordingLog: LogHandler {
  let host: String
  let record: HostRecord
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  private static let connected = "connected to the controller at "

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let text = "\(event.message)"
    if text.hasPrefix(Self.connected), !text.hasSuffix(" again") {
      record.connect(to: String(text.dropFirst(Self.connected.count)))
    }
    if text.contains("the controller will never take report") { record.noteRefusal() }
    if text.contains(" is lost: no room") || text.contains("too large to be sent, and lost") { record.noteLoss() }
    if event.level >= .warning { StandardError.write("\(host): \(text)") }
  }
}
