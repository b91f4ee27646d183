import CPostgres
import Glibc

/// One connection of libpq's, for one thread at a time: its calls block. One that broke stays so; open another.
@safe
final class PostgresSession {
  // Every call of libpq's takes this pointer, which is valid until `deinit` and nobody else has.
  private let connection: OpaquePointer

  /// - Throws: `unsent`
  init(_ address: PostgresAddress) throws(PostgresFailure) {
    guard let connection = unsafe transhumance_connect(address.connection) else {
      throw PostgresFailure(.unsent, "no memory")
    }
    unsafe self.connection = connection
    guard unsafe PQstatus(connection) == CONNECTION_OK else { throw failure(.unsent) }
    // They would be printed on standard error.
    unsafe PQsetNoticeProcessor(connection, { _, _ in }, nil)
    guard unsafe PQsetnonblocking(connection, 1) == 0 else { throw failure(.unsent) }
  }

  deinit { unsafe PQfinish(connection) }

  /// Whether there is no server yet that serves. Where there is one and we aren't let in, or where settings make no
  /// sense, that won't come by itself.
  static func isWorthWaiting(for address: PostgresAddress) -> Bool {
    let answer = unsafe transhumance_ping(address.connection)
    return answer == PQPING_NO_RESPONSE || answer == PQPING_REJECT
  }

  /// Whether it is connected and outside of a transaction, as far as is known.
  var isIdle: Bool { unsafe PQtransactionStatus(connection) == PQTRANS_IDLE }

  /// Runs one statement; outside of a transaction it is one of its own.
  ///
  /// - Parameter limit: until when an answer is waited for.
  func run(
    _ sql: PostgresSQL, _ values: [PostgresValue] = [], until limit: ContinuousClock.Instant
  ) throws(PostgresFailure) -> PostgresResult {
    // A server that has gone in the meantime is noticed before the statement is sent: the first call reads its last
    // words, the second that nothing comes after them.
    guard unsafe PQconsumeInput(connection) == 1, unsafe PQconsumeInput(connection) == 1,
      unsafe PQstatus(connection) == CONNECTION_OK
    else { throw failure(.unsent) }
    guard send(sql.text, values) else { throw failure(.lost) }
    while case let rest = unsafe PQflush(connection), rest != 0 {
      guard rest > 0 else { throw failure(.lost) }
      try wait(for: POLLIN | POLLOUT, until: limit)
      guard unsafe PQconsumeInput(connection) == 1 else { throw failure(.lost) }
    }
    var result: PostgresResult?
    while let next = try nextResult(until: limit) { result = next }
    guard let result else { throw failure(.lost) }
    try check(result)
    return result
  }

  private func nextResult(until limit: ContinuousClock.Instant) throws(PostgresFailure) -> PostgresResult? {
    while unsafe PQisBusy(connection) == 1 {
      try wait(for: POLLIN, until: limit)
      // After a failure the result is there, with what the server said last.
      if unsafe PQconsumeInput(connection) == 0 { break }
    }
    return unsafe PQgetResult(connection).map { unsafe PostgresResult($0) }
  }

  private func check(_ result: PostgresResult) throws(PostgresFailure) {
    guard !result.isSuccess else { return }
    let message = result.field("M") ?? failure(.lost).message
    // With FATAL the server ends the connection, perhaps after a commit.
    guard let state = result.field("C"), result.field("V") == "ERROR", unsafe PQstatus(connection) == CONNECTION_OK
    else { throw PostgresFailure(.lost, message) }
    throw PostgresFailure(.refused(state), message)
  }

  /// Hands the statement over to libpq, with parameters and results in binary format.
  private func send(_ sql: String, _ values: [PostgresValue]) -> Bool {
    var bytes: [UInt8] = []
    var ranges: [Range<Int>] = []
    for value in values {
      let start = bytes.count
      value.append(to: &bytes)
      ranges.append(start..<bytes.count)
    }
    // So that a place in it has an address also where all values are empty.
    bytes.append(0)
    let types = values.map { Oid($0.type) }
    let lengths = ranges.map { Int32($0.count) }
    let formats = values.map { _ in Int32(1) }
    // libpq copies all of it before it returns; each pointer is that of a range of the buffer.
    return unsafe bytes.withUnsafeBytes { buffer in
      let pointers = unsafe zip(values, ranges).map { value, range in
        unsafe value.isNull
          ? nil : buffer.baseAddress.map { unsafe ($0 + range.lowerBound).assumingMemoryBound(to: CChar.self) }
      }
      return unsafe PQsendQueryParams(connection, sql, Int32(values.count), types, pointers, lengths, formats, 1) == 1
    }
  }

  private func wait(for events: Int32, until limit: ContinuousClock.Instant) throws(PostgresFailure) {
    while true {
      let rest = ContinuousClock.now.duration(to: limit)
      guard rest > .zero else { throw PostgresFailure(.lost, "no answer came in time") }
      var file = pollfd(fd: unsafe PQsocket(connection), events: Int16(events), revents: 0)
      // At most an hour, at least a millisecond.
      let milliseconds = Int32(min(rest / .milliseconds(1), 3_600_000)) + 1
      // One entry, written before the call returns.
      if unsafe poll(&file, 1, milliseconds) > 0 { return }
    }
  }

  private func failure(_ kind: PostgresFailure.Kind) -> PostgresFailure {
    PostgresFailure(kind, unsafe String(cString: PQerrorMessage(connection)))
  }
}
