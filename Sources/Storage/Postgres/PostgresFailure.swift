/// Why a statement had no result.
struct PostgresFailure: Error {
  enum Kind: Hashable {
    /// No connection: nothing can have been done.
    case unsent
    /// The connection broke, or no answer came, after the statement had been sent: it may have been done.
    case lost
    /// The server has done nothing of it; the code is its SQLSTATE.
    case refused(String)
    /// It answered with something else than was asked for.
    case unreadable
  }

  var kind: Kind
  /// As libpq or the server says it.
  var message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    // A line for each server that was tried, with hints below it; of a connection that broke the first says why.
    let lines = message.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("\t") }
    self.message = lines.prefix(kind == .lost ? 1 : .max).joined(separator: "; ")
  }

  /// Whether it may go better with the next attempt.
  var isPassing: Bool {
    switch kind {
    case .unsent, .lost: true
    // Two transactions in each other's way: serialization_failure, deadlock_detected.
    case .refused(let state): state == "40001" || state == "40P01"
    case .unreadable: false
    }
  }
}

extension StoreError {
  /// In words for an operator.
  init(_ failure: PostgresFailure, _ address: PostgresAddress, mayBeKept: Bool) {
    let message = failure.message
    let (code, text): (Code, String) =
      switch failure.kind {
      case .unsent: (.unreachable, "\(address) can't be reached: \(message)")
      case .lost: (.unreachable, "\(address) has broken off: \(message)")
      case .unreadable: (.damaged, "\(address): what it holds can't be read: \(message)")
      case .refused(let state): Self.words(for: state, message, address)
      }
    self.init(code, text, mayBeKept: mayBeKept)
  }

  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  private static func words(for state: String, _ message: String, _ address: PostgresAddress) -> (Code, String) {
    switch state {
    case "53100":
      (.full, "\(address): the disk is full; nothing of this was kept. Make room: hosts send their reports again.")
    case "XX001", "XX002":
      (.damaged, "\(address) is damaged: \(message). See the server's log, and restore a backup.")
    case "42501":
      (.notWritable, "\(address): \(message). Let the role of this program own the schema `transhumance`.")
    case "25006":
      (.notWritable, "\(address) can only be read (\(message)), as a standby: name the primary server.")
    case "53300", "55P03", "57014":
      (.inUse, "\(address) is in use for too long: \(message)")
    default:
      (.other, "\(address): \(message) (SQLSTATE \(state))")
    }
  }
}
