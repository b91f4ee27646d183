import CGuest

/// What went wrong, for a person.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ text: String) {
    description = text
  }

  /// With the kernel's reason.
  init(_ text: String, _ code: Int32) {
    let reason = unsafe strerror(code)
    description = unsafe "\(text): \(reason.map { unsafe String(cString: $0) } ?? "error \(code)")"
  }
}
