/// Why a store can't be used, or what couldn't be kept.
package struct StoreError: Error, Hashable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// No room on the disk.
    case full
    /// Something in it can't be read.
    case damaged
    /// A file of another program.
    case notOurs
    /// Written by a later version.
    case newer
    /// A folder or file without permission, or on a read-only file system.
    case notWritable
    /// By another program, for too long.
    case inUse
    /// A server that doesn't answer, for too long.
    case unreachable
    /// A server that doesn't let us in.
    case noAccess
    /// The lease is another controller's, or was never taken.
    case notLeading
    case other
  }

  package var code: Code
  /// What, where, and what to do.
  package var description: String
  /// Whether it may have been kept all the same: the connection broke before the server had said so. Every call may be
  /// repeated.
  package var mayBeKept: Bool

  package init(_ code: Code, _ description: String, mayBeKept: Bool = false) {
    self.code = code
    self.description = description
    self.mayBeKept = mayBeKept
  }
}
