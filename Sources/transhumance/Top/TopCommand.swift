import Answers
import ArgumentParser
import Model
import Traffic
import Wire

/// `transhumance top`: who talks most, by what the controller collected last.
struct TopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows who talks most now, again with each period that is closed.",
    discussion: """
      Rates are of the latest closed period, or the mean of several. Each \
      row of the traffic counts once: at a host or a site as inside it, or \
      as received or sent by it. Waits are counted where a VM stood still. \
      What is no VM is at no host; nor is a VM in a period in which it moved \
      between hosts.

      On a terminal it is shown in place, until Ctrl-C; JSON has a document \
      a line.

      Examples:
        transhumance top
        transhumance top --by sites --sort bytes
        transhumance top --by vms --application cg --last 4
        transhumance top --once --format json

      Exit codes: 0 done, 1 failed, 2 usage, 4 no period has been closed yet.
      """)

  enum Subject: String, CaseIterable, ExpressibleByArgument { case pairs, vms, sites, hosts }
  enum Order: String, CaseIterable, ExpressibleByArgument { case packets, bytes, waits }
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, json }

  @Option(help: "Whose rates: pairs (each direction for itself), vms, sites or hosts.") var by: Subject = .pairs
  @Option(help: "What the first has most of: packets, bytes or waits.") var sort: Order = .packets
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The mean of so many of the latest closed periods, without a gap.", valueName: "count"))
  var last = 1
  @Option(help: ArgumentHelp("Only traffic of this application's VMs.", valueName: "name")) var application: String?
  @Flag(help: "Show it once, and end.") var once = false
  @Option(help: "How it is shown.") var format: Format = .table
  @OptionGroup var controller: ControllerOptions

  /// As many as the controller holds in memory.
  private static let mostPeriods = 120

  func validate() throws {
    guard (1...Self.mostPeriods).contains(last) else {
      throw ValidationError("--last is a count of periods from 1 to \(Self.mostPeriods).")
    }
  }

  func run() async throws {
    if once {
      let periods = try await periods()
      guard let picture = try await picture(of: periods) else {
        throw CommandFailure(status: .handedBack, message: "no period has been closed yet: ask again in a while")
      }
      switch format {
      case .json: try StandardOutput.write(json: picture)
      case .table: try StandardOutput.write(picture.text())
      }
      return
    }
    var seen: Transhumance_V1_PeriodsReply?
    let isInPlace = format == .table && Terminal.outputIsTerminal
    try await Watch.run(inPlace: isInPlace) {
      let periods = try await periods()
      // Closed periods may be amended, too.
      guard periods != seen else { return nil }
      let picture = try await picture(of: periods)
      seen = periods
      guard let picture else { return format == .json ? nil : "no period has been closed yet\n" }
      if format == .json { return try JSONLine.text(picture) }
      return isInPlace ? picture.text(room: Terminal.size) : picture.text() + "\n"
    }
  }

  private func periods() async throws -> Transhumance_V1_PeriodsReply {
    try await controller.periods(last: last, places: by != .pairs)
  }

  /// Nil: no period has been closed yet.
  private func picture(of periods: Transhumance_V1_PeriodsReply) async throws -> TopPicture? {
    let latest = Self.inARow(periods.periods)
    guard let first = latest.first, let last = latest.last, periods.periodNanoseconds > 0 else { return nil }
    var request = QueryRequest()
    request.start = first.start
    request.end = last.end
    request.answer = .mean
    request.application = application ?? ""
    let result = try await controller.query(request, within: .seconds(60))
    if let refusal = result.refusal {
      throw CommandFailure(status: .handedBack, message: RefusalDocument(refusal, of: QueryParameters()).words)
    }
    // Means are per so much.
    let seconds = Double(periods.periodNanoseconds) / 1e9
    let traffic = TopTraffic(rows: result.rows, seconds: seconds, order: sort)
    let content = try await content(of: traffic, in: latest)
    return TopPicture(command: self, header: result.header, content: content)
  }

  /// The latest, without those before a gap: they may be of long ago.
  private static func inARow(_ periods: [Transhumance_V1_PeriodSummary]) -> [Transhumance_V1_PeriodSummary] {
    var found: [Transhumance_V1_PeriodSummary] = []
    for period in periods.reversed() {
      if let later = found.last, period.end != later.start { break }
      found.append(period)
    }
    return found.reversed()
  }

  private func content(
    of traffic: TopTraffic, in periods: [Transhumance_V1_PeriodSummary]
  ) async throws -> TopPicture.Content {
    // Pairs are at no place.
    let overview = by == .pairs ? OverviewReply() : try await controller.overview()
    let places = TopPlaces(periods, sites: Dictionary(overview.hosts.map { ($0.name, $0.site) }) { first, _ in first })
    switch by {
    case .pairs: return .pairs(traffic.pairs)
    case .hosts: return .groups(traffic.groups(places.hosts) { (nil, places.sites[$0]) })
    case .sites: return .groups(traffic.groups(places.siteOfVM) { _ in (nil, nil) })
    case .vms:
      let members = application.flatMap { name in overview.applications.first { $0.name == name } }.map { Set($0.vms) }
      let own = places.vms.filter { members?.contains($0) ?? true }
      let names = Dictionary(own.map { ($0, $0) }) { first, _ in first }
      return .groups(traffic.groups(names) { (places.hosts[$0], places.siteOfVM[$0]) })
    }
  }
}

extension Transhumance_V1_PeriodSummary {
  /// Nanoseconds since 1970 UTC.
  fileprivate var end: Int64 { Timestamp(nanoseconds: start).advanced(byNanoseconds: nanoseconds).nanoseconds }
}
