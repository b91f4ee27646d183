import Foundation
import Lab

extension Laboratory {
  /// The lab of this machine, whose processes are this program.
  static var ofThisMachine: Laboratory {
    Laboratory(executable: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path)
  }
}

/// Runs the body and tells what goes wrong as the command's failure.
func reportingLab<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch let error as LabError {
    throw CommandFailure(message: error.description)
  }
}
