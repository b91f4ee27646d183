import Agent
import ArgumentParser
import Foundation

/// Where a controller is asked: at a Unix socket of this machine, or over the network.
enum ControllerPlace: Hashable {
  case socket(String)
  case remote(DialAddress)

  /// What has a slash, or is there, is a path.
  ///
  /// - Throws: where the text is neither.
  init(reading argument: String) throws {
    if argument.contains("://") {
      throw ValidationError("a socket's path, or HOST[:PORT] without http://; port 8080 unless given.")
    } else if argument.contains("/") || FileManager.default.fileExists(atPath: argument) {
      self = .socket(argument)
    } else if let address = DialAddress(argument, defaultPort: ListenAddress.defaultPort) {
      self = .remote(address)
    } else {
      throw ValidationError("a socket's path, or HOST[:PORT] with a port from 1 to 65535.")
    }
  }

  var isRemote: Bool {
    guard case .remote = self else { return false }
    return true
  }
}
