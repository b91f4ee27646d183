internal import GRDB

extension StoreError {
  /// In words for an operator.
  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError: self.init(error, path: path)
    default: self.init(.other, "\(path): \(error)")
    }
  }

  private init(_ error: DatabaseError, path: String) {
    // https://www.sqlite.org/rescode.html
    switch error.resultCode.primaryResultCode {
    case .SQLITE_FULL:
      self.init(
        .full, "\(path): the disk is full; nothing of this was kept. Make room: hosts send their reports again.")
    case .SQLITE_CORRUPT:
      self.init(
        .damaged,
        "\(path) is damaged (\(error.message ?? "malformed")); it is left as it is. "
          + "Save what can be read with `sqlite3 \(path) .recover`, or move it away to begin anew.")
    case .SQLITE_NOTADB:
      self.init(
        .notOurs, "\(path) is no SQLite database, or its beginning is damaged; it is left as it is. Move it away.")
    case .SQLITE_CANTOPEN:
      self.init(.notWritable, "\(path) can't be opened or made: see that its folder is there and may be written.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.notWritable, "\(path) can't be written: see the permissions of the file and of its folder.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.inUse, "\(path) is held by another program for too long, as by an open `sqlite3`.")
    default:
      self.init(.other, "\(path): \(error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")")
    }
  }
}
