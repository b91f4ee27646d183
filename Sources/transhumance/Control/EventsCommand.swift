import ArgumentParser
import Foundation
import GRPCCore
import Model
import SwiftProtobuf
import Wire

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "What the controller has seen, decided and done.",
    discussion: """
      Examples:
        transhumance events
        transhumance events --follow
        transhumance events --application cg --format json
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Flag(name: [.customShort("f"), .long], help: "Go on with what happens; Ctrl-C ends it.") var follow = false
  @Option(help: ArgumentHelp("Only those of one application.", valueName: "name")) var application: String?
  @Option(help: "Of JSON, one document a line.") var format: Format = .table
  @OptionGroup var controller: ControllerOptions

  private struct Document: Encodable {
    var time: String
    var kind: String
    var level: String
    var application: String?
    var vm: String?
    var text: String
    /// Of events about a plan: the plan as it is then.
    var plan: PlanList.Row?
    /// Of a move that goes on; `text` is empty then.
    var progress: Progress?
  }

  private struct Progress: Encodable {
    /// The step that was reached.
    var step: String?
    var totalBytes: UInt64?
    var remainingBytes: UInt64?
    var round: UInt32?
    /// How the move ended.
    var move: MoveDocument?

    init?(_ event: ControllerEvent) {
      guard event.hasProgress else { return nil }
      switch event.progress.progress {
      case .step(let reached): step = reached.step
      case .copy(let copy): (totalBytes, remainingBytes, round) = (copy.totalBytes, copy.remainingBytes, copy.rounds)
      case .finished(let report): move = MoveDocument(report)
      case .preflight, nil: return nil
      }
    }
  }

  func run() async throws {
    let request = Transhumance_V1_EventsRequest.with {
      $0.follow = follow
      $0.application = application ?? ""
    }
    let format = format
    try await controller.withController { client in
      try await client.events(request) { answer in
        for try await event in answer.messages { try Self.print(event, format) }
      }
    }
  }

  private static func print(_ event: ControllerEvent, _ format: Format) throws {
    let time = Timestamp(nanoseconds: event.time).description
    switch format {
    case .json:
      let document = Document(
        time: time, kind: event.kind, level: event.level,
        application: event.application.isEmpty ? nil : event.application, vm: event.vm.isEmpty ? nil : event.vm,
        text: event.text, plan: event.hasPlan ? PlanList.Row(event.plan) : nil, progress: Progress(event))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try StandardOutput.write(String(decoding: encoder.encode(document), as: UTF8.self) + "\n")
    case .table:
      // How far a move is.
      guard !event.text.isEmpty else { return }
      let style: Terminal.Style? = event.level == "error" ? .red : event.level == "warning" ? .yellow : nil
      let kind = style.map { Terminal.styled(event.kind, $0) } ?? event.kind
      let application = event.application.isEmpty ? "" : "\(event.application): "
      try StandardOutput.write("\(time.prefix(19))Z  \(kind)  \(application)\(event.text)\n")
    }
  }
}
