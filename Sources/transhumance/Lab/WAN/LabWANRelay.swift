import ArgumentParser
import Foundation
import Lab
import SystemPackage

/// `transhumance lab-wan`: the relay itself, started by `lab up`. Reads a `WANConfiguration` from standard input, and
/// says `ready` once packets pass.
struct LabWANRelay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab-wan", abstract: "Relays packets between the sites of a lab; started by lab up.",
    shouldDisplay: false)

  @Option(help: "Where the relay takes requests.")
  var socket: String = WANClient.standardSocket

  func run() throws {
    do {
      let input = try FileHandle.standardInput.readToEnd() ?? Data()
      let configuration = try JSONDecoder().decode(WANConfiguration.self, from: input)
      let relay = try WANRelay(configuration, socket: FilePath(socket))
      try StandardOutput.write("ready\n")
      relay.run()
    } catch let error as DecodingError {
      throw CommandFailure(message: "standard input: no configuration of a WAN: \(error)")
    } catch {
      throw CommandFailure(message: "\(error)")
    }
  }
}
