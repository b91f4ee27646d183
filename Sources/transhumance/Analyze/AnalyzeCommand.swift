import ArgumentParser
import Capture
import Documents
import Drawing
import Model
import Planning

/// `transhumance analyze`: who talks to whom, and which machines belong together.
struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Counts who talks to whom in a capture, and finds the communication groups.",
    discussion: """
      Reads pcap and pcapng, plain or gzip; several files are merged by time. \
      A traffic matrix as CSV is read too. Nothing needs root.

      Examples:
        transhumance analyze cg.A.8.pcap.gz
        transhumance analyze monday*.pcapng --period 5m --format json
        transhumance analyze cg.A.8.pcap.gz --method report --measure bytes
        transhumance analyze cg.A.8.pcap.gz --plot traffic.svg
        transhumance analyze cg.A.8.pcap.gz --format dot | dot -Tpng > cg.png
        transhumance analyze cg.csv --window 5.56
        tcpdump -w - -s 96 | transhumance analyze -

      Exit codes: 0 done, 1 failed (a trace that was cut short is printed up to the cut), 2 usage.
      """)

  @Argument(
    help: ArgumentHelp("Captures, or one matrix as CSV; - is standard input.", valueName: "file"),
    completion: .file())
  var files: [String]

  @Option(help: "How the result is printed.")
  var format: AnalysisFormat = .table

  @Option(help: "What traffic is weighed by.")
  var measure: Measure = .messages

  @Option(help: "How groups are found: by modularity (Leiden), or as in the report of 2010.")
  var method: Grouping.Method = .leiden

  @Option(
    parsing: .unconditional, help: "The report's threshold for joining a group, as a multiple of the group's mean.")
  var factor = 0.5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Traffic under this is negligible, in packets per machine and second.", valueName: "rate"))
  var negligible = Grouping.Bounds().packetsPerVMAndSecond

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A division with less modularity than this is none.", valueName: "modularity"))
  var minimumModularity = Grouping.Bounds().modularity

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Length of the periods: 500ms, 30s, 5m; aligned to the wall clock.", valueName: "time"))
  var period = TimeSpan(seconds: 30)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How much later a packet is at its destination than it was seen.", valueName: "time"))
  var hop = TimeSpan(microseconds: 50)

  @Flag(help: "Count by the innermost IP header of tunnels instead of the outermost.")
  var decapsulate = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds covered, to tell if a matrix is negligible; a capture has times.", valueName: "seconds"))
  var window: Double?

  @Option(
    help: ArgumentHelp("Draw the matrix and the graph.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]), transform: PictureFile.init(argument:))
  var plot: PictureFile?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pairs shown in the table, heaviest first; 0 for all.", valueName: "count"))
  var top = 20

  func validate() throws {
    guard factor.isFinite, factor >= 0 else { throw ValidationError("--factor is a number of at least 0.") }
    guard negligible.isFinite, negligible >= 0 else { throw ValidationError("--negligible is a number of at least 0.") }
    guard (-1...1).contains(minimumModularity) else {
      throw ValidationError("--minimum-modularity is a number from -1 to 1.")
    }
    guard period.nanoseconds > 0 else { throw ValidationError("--period is a time above 0: 500ms, 30s, 5m.") }
    guard (0...1_000_000_000).contains(hop.nanoseconds) else { throw ValidationError("--hop is a time from 0 to 1s.") }
    guard top >= 0 else { throw ValidationError("--top is a count of 1 or more, or 0 for all.") }
    if let window, !(window.isFinite && window > 0) {
      throw ValidationError("--window is a number of seconds above 0.")
    }
    if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("Standard input (-) can be read once only.") }
  }

  func run() throws {
    let plot = try plot?.open()
    let options = TraceAnalysis.Options(period: period.nanoseconds, hop: hop.nanoseconds, decapsulate: decapsulate)
    let input = try TrafficInput(reading: files, options: options, window: window)
    let groups = communicationGroups(
      of: input.matrix, method: method, measure: measure, factor: factor,
      bounds: Grouping.Bounds(packetsPerVMAndSecond: negligible, modularity: minimumModularity))
    let analysis = Analysis(input: input, groups: groups)
    try plot?.write(analysis.drawing.svg())
    switch format {
    case .table: try StandardOutput.write(analysis.table(top: top))
    case .json: try AnalysisDocument(analysis: analysis).write()
    case .csv: try StandardOutput.write(MatrixDocument.text(of: input.matrix))
    case .dot: try StandardOutput.write(analysis.drawing.dot())
    }
    try input.report()
  }
}
