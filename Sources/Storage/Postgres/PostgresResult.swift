import CPostgres
import FoundationEssentials

/// What the server answered, in binary format.
@safe
final class PostgresResult {
  // Valid until `deinit`, and so are the places that it points to.
  private let result: OpaquePointer

  /// - Parameter result: of libpq's, whose owner this is from now on.
  @unsafe init(_ result: OpaquePointer) { unsafe self.result = result }

  deinit { unsafe PQclear(result) }

  var isSuccess: Bool {
    let status = unsafe PQresultStatus(result)
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
  }

  /// Of an error: its SQLSTATE ("C"), message ("M") or severity ("V"), `PG_DIAG_…`.
  func field(_ code: Unicode.Scalar) -> String? {
    unsafe PQresultErrorField(result, Int32(code.value)).map { unsafe String(cString: $0) }
  }

  var rows: [Row] {
    let count = unsafe PQntuples(result)
    return (0..<count).map { Row(result: self, index: $0) }
  }

  struct Row {
    fileprivate let result: PostgresResult
    fileprivate let index: Int32

    func isNull(_ column: Int32) -> Bool { unsafe PQgetisnull(result.result, index, column) == 1 }

    /// Empty where it is null.
    func bytes(_ column: Int32) -> Data {
      // As long as libpq says, and copied before the result can go.
      let count = Int(unsafe PQgetlength(result.result, index, column))
      guard count > 0, let start = unsafe PQgetvalue(result.result, index, column) else { return Data() }
      return unsafe Data(bytes: start, count: count)
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// Of a `bigint`.
    func integer(_ column: Int32) throws(PostgresFailure) -> Int64 {
      let bytes = bytes(column)
      guard bytes.count == 8 else {
        throw PostgresFailure(.unreadable, "a number of \(bytes.count) bytes in column \(column)")
      }
      return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Of a `boolean`.
    func flag(_ column: Int32) -> Bool { bytes(column).first == 1 }
  }
}
