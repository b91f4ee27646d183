import ArgumentParser
import Foundation

/// The exit codes of every command.
enum ExitStatus: Int32 {
  case done = 0
  case failed = 1
  case usage = 2
  case infeasible = 3
  case handedBack = 4

  /// Ends the process: help and version on standard output with 0, failures on standard error with their code.
  static func exit(reporting error: any Error) -> Never {
    if let failure = error as? CommandFailure {
      if !failure.message.isEmpty { Terminal.printError(failure.message) }
      Foundation.exit(failure.status.rawValue)
    }
    if error is BrokenPipe { Foundation.exit(ExitStatus.failed.rawValue) }
    let code = Transhumance.exitCode(for: error)
    let message = Transhumance.fullMessage(for: error)
    if code.isSuccess {
      try? StandardOutput.write(message + "\n")
    } else if !message.isEmpty {
      StandardError.write(message + "\n")
    }
    // The argument parser follows sysexits.h (64); everything of ours says 2, as kubectl and ip do.
    Foundation.exit(code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue)
  }
}

/// A command's end with a message for people and a code for scripts.
struct CommandFailure: Error {
  var status: ExitStatus = .failed
  /// What was wrong, where, and what to do. Empty: all has been said already.
  var message: String
  /// A service isn't there, or went away meanwhile: the same may succeed later.
  var isOfAbsence = false

  static func usage(_ message: String) -> CommandFailure { CommandFailure(status: .usage, message: message) }
}
