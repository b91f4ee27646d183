import GRPCCore

extension RPCError {
  /// Who was asked isn't there, doesn't answer, or has broken off. To all else the same answer would come again.
  fileprivate var tellsOfAbsence: Bool {
    switch code {
    case .unavailable, .cancelled, .deadlineExceeded: true
    // A stream that breaks off.
    case .internalError, .unknown: true
    default: false
    }
  }
}

extension Error {
  /// Who was asked isn't there, or went away meanwhile: the same may succeed later.
  var isOfAbsence: Bool {
    switch self {
    case let failure as CommandFailure: failure.isOfAbsence
    case let error as RPCError: error.tellsOfAbsence
    default: self is RuntimeError
    }
  }
}

extension CommandFailure {
  /// What keeps a service from answering, in plain words.
  ///
  /// - Parameters:
  ///   - service: which, and where: `the controller at c1:8080`.
  ///   - silence: what is said of it where it isn't reached.
  init(_ error: RPCError, of service: String, silence: String) {
    let message =
      switch error.code {
      case .unavailable, .cancelled: "\(service) \(silence)"
      case .deadlineExceeded: "\(service) doesn't answer in time."
      case .unimplemented:
        "\(service) doesn't know what it is asked (\(error.message)): is that the right port, and of this version?"
      default: error.message
      }
    self.init(message: message, isOfAbsence: error.tellsOfAbsence)
  }
}
