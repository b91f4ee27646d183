import Capture
import Documents
import Foundation
import Model
import Traffic

/// Traffic that a user names on the command line: captures, or one matrix as CSV.
struct TrafficInput {
  /// Over the time of the trace, or the window that was said.
  let matrix: TrafficMatrix
  /// Nil for a matrix.
  let trace: TraceAnalysis?

  /// - Parameters:
  ///   - paths: `-` is standard input. Several captures are merged by time; a matrix stands alone.
  ///   - window: seconds that the traffic covers; unless given, the time stamps of a capture say so, and for a matrix
  ///     nothing does.
  init(reading paths: [String], options: TraceAnalysis.Options = .init(), window: Double? = nil) throws {
    try Self.requireDistinct(paths)
    do {
      var captures: [CaptureFile] = []
      var others: [ByteSource] = []
      for input in try TraceInput.open(paths) {
        switch input {
        case .capture(let file): captures.append(file)
        case .other(let source): others.append(source)
        }
      }
      if let source = others.first {
        guard others.count + captures.count == 1 else {
          throw CommandFailure(
            message:
              "\(source.name): is no pcap or pcapng capture. Several captures are merged; a matrix is read alone.")
        }
        matrix = try Self.readMatrix(source, window: window)
        trace = nil
      } else {
        let bar = ProgressBar(title: "Reading")
        defer { bar.finish() }
        let analysis = try TraceAnalysis(reading: captures, options: options) {
          bar.update(done: $0.bytes, total: $0.total)
        }
        let counted = analysis.counts.matrix
        matrix =
          window.map { TrafficMatrix(rows: counted.rows, hasWaits: counted.hasWaits, windowSeconds: $0) } ?? counted
        trace = analysis
      }
    } catch let error as CaptureError {
      throw CommandFailure(message: error.description)
    }
  }

  private static func readMatrix(_ source: ByteSource, window: Double?) throws -> TrafficMatrix {
    var reader = MatrixReader(file: source.name)
    var foreign: ForeignContent??
    try source.read { piece in
      if foreign == nil { foreign = .some(ForeignContent(of: piece.prefix(4096))) }
      return foreign == .some(nil) && reader.read(piece)
    }
    if case .some(let content?) = foreign {
      throw CommandFailure(message: "\(source.name): \(content.hint)")
    }
    do {
      return try reader.finish(windowSeconds: window)
    } catch {
      throw CommandFailure(
        message: "\(source.name): is no capture; read as a traffic matrix (CSV):\n\(error.description)")
    }
  }

  /// What the reader should know of the trace.
  var warnings: [String] { trace?.warnings ?? [] }

  /// Says what the reader should know of the trace. A trace that was cut short is used up to the cut, and is still a
  /// failure.
  func report() throws {
    warnings.forEach(Terminal.printWarning)
    try requireComplete()
  }

  /// Fails, without another word, where a trace was cut short.
  func requireComplete() throws {
    if trace?.isComplete == false { throw CommandFailure(message: "") }
  }

  /// Refuses a file that is named twice, by whatever path: its packets would count twice.
  private static func requireDistinct(_ paths: [String]) throws {
    var seen: [String: String] = [:]
    for path in paths where path != "-" {
      let file = URL(filePath: path).resolvingSymlinksInPath().path
      guard let other = seen.updateValue(path, forKey: file) else { continue }
      let names = other == path ? "is given twice" : "is the same file as \(other)"
      throw CommandFailure(message: "\(path): \(names): its packets would be counted twice; name it once")
    }
  }
}
