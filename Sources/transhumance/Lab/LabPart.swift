import ArgumentParser
import Foundation
import Lab

/// `transhumance lab-part`: a process that holds namespaces of the lab, started by `lab up`.
struct LabPart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Part.subcommand, abstract: "Holds a part of a lab; started by lab up.", shouldDisplay: false)

  @Argument var kind: String
  @Argument var name: String
  @Argument var folder: String

  func run() throws {
    guard let part = Part(kind: kind, name: name) else { throw CommandFailure.usage("no such part: \(kind)") }
    do {
      try PartProcess(part: part, folder: LabFolder(path: folder), executable: CommandLine.arguments[0]).run()
    } catch {
      throw CommandFailure(message: "\(kind) \(name): \(error)")
    }
  }
}
