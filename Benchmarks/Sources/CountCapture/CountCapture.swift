internal import Capture
internal import Foundation
internal import Model
internal import Traffic

/// Counts a capture: rows on standard output, packets and seconds on standard error.
@main
enum CountCapture {
  static func main() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let analysis = try TraceAnalysis(reading: CommandLine.arguments.dropFirst().map { try CaptureFile(path: $0) })
    let elapsed = (clock.now - start) / .seconds(1)
    FileHandle.standardError.write(Data("\(analysis.counts.facts.packets) \(elapsed)\n".utf8))
    print("source,destination,packets,frame_bytes,ip_bytes,rounds,windows,lag,turns,matched,runs,shares")
    for row in analysis.counts.rows {
      let counts = row.counts
      print(
        row.source, row.destination, counts.packets, counts.frameBytes, counts.ipBytes, counts.rounds, counts.windows,
        counts.lag, counts.turns, counts.matched, counts.runs, counts.shares, separator: ",")
    }
  }
}
