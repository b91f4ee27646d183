import Glibc

/// A request that the kernel refused, or a conversation with it that failed.
package struct NetlinkError: Error, Hashable, Sendable {
  /// The system's error number; 0 where the kernel's answer could not be read.
  package var code: Int32
  /// The kernel's own words (extended acknowledgement), or ours; empty where there are none.
  package var message: String
  /// What was tried, as in "add bridge thb1".
  package var operation: String

  package init(code: Int32, message: String = "", operation: String = "") {
    self.code = code
    self.message = message
    self.operation = operation
  }

  /// The same error, saying what was tried.
  package func during(_ operation: String) -> NetlinkError {
    NetlinkError(code: code, message: message, operation: operation)
  }
}

extension NetlinkError: CustomStringConvertible {
  package var description: String {
    var text = operation.isEmpty ? "netlink" : operation
    if code != 0 { text += ": " + Self.text(of: code) }
    if !message.isEmpty { text += code == 0 ? ": " + message : " (\(message))" }
    if code == EPERM { text += "; it takes root, or CAP_NET_ADMIN in this network namespace" }
    return text
  }

  private static func text(of code: Int32) -> String {
    // strerror's buffer may be overwritten by another thread's call for an unknown number: the text alone is at stake.
    unsafe String(cString: strerror(code))
  }
}

/// A request of a batch that the kernel refused.
package struct NetlinkFailure: Error, Hashable, Sendable {
  /// Index of the request in the batch.
  package var request: Int
  package var error: NetlinkError

  package init(request: Int, error: NetlinkError) {
    self.request = request
    self.error = error
  }
}
