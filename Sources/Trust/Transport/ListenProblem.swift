internal import GRPCCore
internal import NIOCore
internal import SystemPackage

/// Why nothing can be served somewhere, and what to do.
package struct ListenProblem: Error, CustomStringConvertible {
  package var description: String

  /// - Parameters:
  ///   - error: what a server has thrown before it listened.
  ///   - place: an address with a port, or a socket's path.
  package init(_ error: any Error, at place: String) {
    description = "can't listen at \(place): \(Self.reason(error))"
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as? RuntimeError)?.cause ?? error
    guard let failure = cause as? IOError else { return (cause as? RuntimeError)?.message ?? "\(cause)" }
    let code = Errno(rawValue: failure.errnoCode)
    return switch code {
    case .addressInUse: "something else listens there: end it, or name another port"
    case .addressNotAvailable: "this machine has no such address (`ip address` lists those that it has)"
    case .permissionDenied: "\(code): root may, and ports from 1024 on are for everybody"
    case .noSuchFileOrDirectory: "there is no such folder"
    default: "\(code)"
    }
  }
}
