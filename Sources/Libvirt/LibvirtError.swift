import CLibvirt

/// What libvirt says when a call fails: its code, the part of it that failed, its text, and the call.
package struct LibvirtError: Error, Hashable, Sendable, CustomStringConvertible {
  package var code: Code
  /// The part of libvirt that raised it (`virErrorDomain`), e.g. 10 QEMU, 7 RPC.
  package var domain: Int32
  package var message: String
  /// The call that failed, in words: "opening qemu:///system".
  package var operation: String

  package init(code: Code, domain: Int32 = 0, message: String, operation: String) {
    self.code = code
    self.domain = domain
    self.message = message
    self.operation = operation
  }

  package var description: String { "\(operation): \(message)" }

  /// The error that the calling thread's last libvirt call left. libvirt keeps it per thread, so this must run right
  /// after the call that failed, before any other.
  static func last(_ operation: String) -> LibvirtError {
    // The message's pointer is copied before another call of this thread can replace it.
    guard let error = unsafe virGetLastError() else {
      return LibvirtError(code: .internalError, message: "libvirt gave no reason", operation: operation)
    }
    let text = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "libvirt gave no reason"
    return unsafe LibvirtError(
      code: Code(rawValue: error.pointee.code), domain: error.pointee.domain, message: text, operation: operation)
  }
}

/// The result of a call that returns a negative number on failure, or the error it left.
@discardableResult
func check(_ result: Int32, _ operation: @autoclosure () -> String) throws(LibvirtError) -> Int32 {
  guard result >= 0 else { throw LibvirtError.last(operation()) }
  return result
}
