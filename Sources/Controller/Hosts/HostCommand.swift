internal import SwiftProtobuf
package import Wire

/// What the controller may tell a host to do. Each is carried out once, however often it has to be sent.
package enum HostCommand: Sendable {
  /// Moves a VM; the host passes it on to the one that has the VM.
  case migrate(MigrateRequest)
  /// Defines and starts a VM that runs nowhere yet.
  case start(Transhumance_V1_StartRequest)
  /// Cancels the move of a VM, if there is one.
  case cancel(vm: String)

  /// - Parameters:
  ///   - epoch: of the leader that commands.
  ///   - by: who wants it.
  func message(_ identifier: String, epoch: UInt64, by: String) -> Transhumance_V1_Command {
    .with {
      $0.identifier = identifier
      $0.epoch = epoch
      $0.by = by
      switch self {
      case .migrate(let request):
        $0.migrate = request
        $0.migrate.by = by
      case .start(let request): $0.start = request
      case .cancel(let vm):
        $0.cancel.vm = vm
        $0.cancel.by = by
      }
    }
  }
}

/// Why a command wasn't carried out.
package enum HostCommandError: Error, Hashable, CustomStringConvertible {
  /// Nothing was sent.
  case notConnected(host: String)
  /// Another controller may lead; nothing was sent.
  case notLeading
  /// The host's own words.
  case failed(host: String, reason: String)

  package var description: String {
    switch self {
    case .notConnected(let host): "\(host) isn't connected to the controller"
    case .notLeading: "this controller may not lead any more"
    case .failed(let host, let reason): "\(host): \(reason)"
    }
  }
}
