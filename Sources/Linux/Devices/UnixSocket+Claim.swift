import Glibc
package import SystemPackage

extension UnixSocket {
  /// Makes a path free for a server: removes the socket that an earlier one has left there, if nobody answers at it.
  ///
  /// - Throws: where something else is there, or somebody answers, or that can't be told.
  package static func claim(_ path: FilePath) throws(UnixSocketError) {
    var status = stat()
    // Both are of this frame.
    guard unsafe lstat(path.string, &status) == 0 else {
      // What keeps it from being told keeps the server from making its socket, too.
      return
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw UnixSocketError(path: path, reason: "is there already, and is no socket: move it away, or choose another path")
    }
    // Without waiting: one whose queue is full is there, too.
    if let connection = connect(to: path, blocking: false) {
      try? connection.close()
      throw .answers(path)
    }
    switch Errno(rawValue: errno) {
    case .connectionRefused: break
    case .noSuchFileOrDirectory: return
    case .resourceTemporarilyUnavailable: throw .answers(path)
    case let code: throw UnixSocketError(path: path, reason: "can't be used: \(code)")
    }
    guard unsafe unlink(path.string) == 0 || errno == ENOENT else {
      throw UnixSocketError(path: path, reason: "can't be removed: \(Errno(rawValue: errno))")
    }
  }
}

/// A path that a server can't have for its socket.
package struct UnixSocketError: Error, Hashable, Sendable, CustomStringConvertible {
  package var path: FilePath
  /// Follows the path.
  package var reason: String

  fileprivate static func answers(_ path: FilePath) -> UnixSocketError {
    UnixSocketError(path: path, reason: "is that of a server that runs: end it first, or choose another path")
  }

  package var description: String { "\(path) \(reason)" }
}
