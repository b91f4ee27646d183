import Agent
import ArgumentParser
import Foundation

/// Where a controller is asked: at a Unix socket of this machine, or over the network.
enum ControllerPlace: ExpressibleByArgument, Hashable {
  case socket(String)
  case remote(DialAddress)

  /// What has a slash, or is there, is a path.
  init?(argument: String) {
    if argument.contains("/") || FileManager.default.fileExists(atPath: argument) {
      self = .socket(argument)
    } else if let address = DialAddress(argument, defaultPort: ListenAddress.defaultPort) {
      self = .remote(address)
    } else {
      return nil
    }
  }

  var isRemote: Bool {
    guard case .remote = self else { return false }
    return true
  }
}
