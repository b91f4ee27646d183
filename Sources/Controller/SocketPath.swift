internal import Linux
internal import SystemPackage

/// Where operators' socket is to be: made free where an earlier controller has left its own.
enum SocketPath {
  /// - Throws: where something else is there, or somebody answers.
  static func claim(_ path: String) throws(ControllerError) {
    do {
      try UnixSocket.claim(FilePath(path))
    } catch {
      throw ControllerError("\(error)")
    }
  }
}
