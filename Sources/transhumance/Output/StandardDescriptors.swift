import Foundation
import SystemPackage

/// Standard input, output and error.
enum StandardDescriptors {
  /// Takes the places of those that the caller has closed (`2>&-`), so that no file that is opened later gets one of
  /// their numbers, and the text meant for it. Using one fails as before: each is open for the wrong direction.
  static func holdClosed() {
    let modes: [(FileDescriptor, FileDescriptor.AccessMode)] = [
      (.standardInput, .writeOnly), (.standardOutput, .readOnly), (.standardError, .readOnly),
    ]
    // The lowest free number is taken: in this order the closed one's own.
    for (descriptor, mode) in modes where fcntl(descriptor.rawValue, F_GETFD) < 0 {
      _ = try? FileDescriptor.open("/dev/null", mode)
    }
  }
}
