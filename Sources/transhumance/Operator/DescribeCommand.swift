import ArgumentParser
import Wire

struct DescribeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Tells all that is known of a VM, a host, a site, a move, a plan or an application.",
    discussion: """
      Examples:
        transhumance describe vm vm5
        transhumance describe host a1
        transhumance describe site rennes
        transhumance describe move vm5-20261125T074455-3
        transhumance describe plan cg-20261125T140102 --format json
        transhumance describe application cg

      Exit codes: 0 done, 1 failed (there is none of that name), 2 usage.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument { case vm, host, site, move, plan, application }
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Argument(help: "What it is: vm, host, site, move, plan or application.") var kind: Kind
  @Argument(help: "Its name.") var name: String
  @Option(help: "How it is printed.") var format: Format = .table
  @OptionGroup var federation: FederationOptions

  func run() async throws {
    guard let description = try await description() else {
      throw CommandFailure(
        message: "there is no \(kind == .vm ? "VM" : kind.rawValue) \"\(name)\"; "
          + "`transhumance get \(kind.rawValue)s` lists all")
    }
    switch format {
    case .json: try StandardOutput.write(json: description)
    case .table: try StandardOutput.write(description.text)
    }
  }

  /// Nil: there is none of that name.
  private func description() async throws -> (any Description)? {
    switch kind {
    case .vm: VMDescription(of: name, in: try await list())
    case .host: HostDescription(of: name, in: try await list(), clocks: await federation.clocks())
    case .site: SiteDescription(of: name, in: try await federation.controller.overview())
    case .move: MoveDescription(of: name, in: try await list())
    case .plan: PlanDescription(of: name, in: try await federation.controller.overview(plan: name))
    case .application: ApplicationDescription(of: name, in: try await federation.controller.overview())
    }
  }

  private func list() async throws -> ListReply {
    let (reply, remarks) = try await federation.list()
    for remark in remarks { Terminal.printWarning(remark) }
    return reply
  }
}

/// All that is known of one thing; as JSON, and for people the same.
protocol Description: Encodable {
  var text: String { get }
}

extension Description {
  /// Labels and what belongs to them, one below the other.
  static func text(_ lines: [(String, String)]) -> String {
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { "\($0 + ":")\(String(repeating: " ", count: width - $0.count + 2))\($1)\n" }.joined()
  }

  /// A table under a heading; nothing where there is no move.
  static func text(_ moves: MoveList) -> String {
    moves.rows.isEmpty ? "" : "\nMoves:\n" + MoveList.table(of: moves.rows)
  }
}
