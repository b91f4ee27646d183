internal import Foundation

/// Keeps a second controller out of a state folder; goes with the process, however that ends.
final class StateLock: Sendable {
  private let descriptor: Int32

  /// Makes the folder where it is missing.
  init(directory: String) throws(ControllerError) {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw ControllerError("the folder \(directory) can't be used: \(error.localizedDescription)")
    }
    let path = directory + "/lock"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw ControllerError("\(path): \(Self.reason)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno == EWOULDBLOCK ? "another controller uses the folder" : Self.reason
      close(descriptor)
      throw ControllerError("\(directory): \(reason)")
    }
  }

  deinit { close(descriptor) }

  private static var reason: String { unsafe String(cString: strerror(errno)) }
}
