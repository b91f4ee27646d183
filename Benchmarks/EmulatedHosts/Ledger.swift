import Model
import SystemPackage

/// A file with a line for each report that is in its host's spool: what may not be lost, whatever is killed.
struct Ledger: Sendable {
  private let file: FileDescriptor

  init(path: String) throws {
    file = try .open(
      FilePath(path), .writeOnly, options: [.append, .create, .closeOnExec], permissions: [.ownerReadWrite])
  }

  /// A line is one write: those of many hosts don't mix.
  func note(_ host: String, _ period: Period) throws { try file.writeAll("\(period.start) \(host)\n".utf8) }
}
