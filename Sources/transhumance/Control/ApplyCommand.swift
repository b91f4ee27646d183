import ArgumentParser
import Documents
import Foundation
import GRPCCore
import Model
import SystemPackage
import Wire

struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Gives an application into the controller's care, or a new version of it.",
    discussion: """
      VMs that run are watched where they are; what the document says of \
      their hosts counts for nothing. Where none of them runs yet, each is \
      placed and started from its template (libvirt XML; paths are relative \
      to the document). The mode says what becomes of plans: `advise` shows \
      them, `approve` waits for `transhumance approve`, `automatic` carries \
      them out.

      Examples:
        transhumance apply -f cg.yaml
        transhumance apply -f cg.yaml --mode automatic
        transhumance apply -f new.yaml --dry-run

      Exit codes: 0 done, 1 refused, 2 usage, 3 no placement satisfies the constraints.
      """)

  enum ModeOption: String, CaseIterable, ExpressibleByArgument { case advise, approve, automatic }

  @Option(
    name: [.customShort("f"), .customLong("file")],
    help: ArgumentHelp("The application's document.", valueName: "application.yaml"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var file: String
  @Option(help: "What becomes of plans, instead of what the document says.") var mode: ModeOption?
  @Flag(help: "Only say what would be done.") var dryRun = false
  @OptionGroup var controller: ControllerOptions

  func run() async throws {
    let name = Text.fileName(file)
    let bytes: [UInt8]
    do {
      bytes = try DocumentFile(path: file).read(upTo: DocumentKind.maximumBytes + 1)
    } catch {
      throw CommandFailure(message: "\(name): \(error)")
    }
    guard bytes.count <= DocumentKind.maximumBytes else { throw CommandFailure(message: "\(name) is too long") }
    var request = Transhumance_V1_ApplyRequest()
    request.file = file == "-" ? "-" : URL(filePath: file).standardizedFileURL.path
    request.document = Data(bytes)
    request.templates = try templates(in: bytes, name)
    request.dryRun = dryRun
    request.mode = mode?.rawValue ?? ""
    request.by = LoginName.current
    let sent = request
    let result = try await controller.withController { client in
      try await client.apply(sent) { answer in
        var result: Transhumance_V1_ApplyResult?
        for try await progress in answer.messages {
          switch progress.content {
          case .diagnostic(let line): Terminal.printLine(line)
          case .step(let step): Terminal.printLine(step)
          case .result(let end): result = end
          case nil: break
          }
        }
        return result
      }
    }
    guard let result else { throw CommandFailure(message: "the controller didn't say what became of \(name)") }
    switch result.outcome {
    case "refused": throw CommandFailure(message: result.reason)
    case "infeasible": throw CommandFailure(status: .infeasible, message: result.reason)
    default:
      try StandardOutput.write("\(name): \(result.outcome)" + (result.reason.isEmpty ? "\n" : ", \(result.reason)\n"))
    }
  }

  /// The files that VMs of the document name; what is wrong with the document itself the controller says.
  private func templates(in bytes: [UInt8], _ name: String) throws -> [String: String] {
    guard let (application, _) = try? ApplicationDocument.parse(bytes, file: name) else { return [:] }
    var templates: [String: String] = [:]
    let folder = file == "-" ? URL(filePath: ".") : URL(filePath: file).deletingLastPathComponent()
    for template in Set(application.vms.compactMap(\.template)) {
      let path = URL(filePath: template, relativeTo: folder).path
      do {
        templates[template] = try String(contentsOfFile: path, encoding: .utf8)
      } catch {
        throw CommandFailure(message: "\(name): the template \(path) can't be read: \(error.localizedDescription)")
      }
    }
    return templates
  }
}
