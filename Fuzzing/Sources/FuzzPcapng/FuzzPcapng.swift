internal import Capture
internal import Traffic

/// A pcapng file: counted alike through a small window and a large one. What begins otherwise is left to the other
/// fuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard input.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]) else { return -1 }
  let (small, large) = (outcome(input, window: 16), outcome(input, window: 1 << 16))
  precondition(small == large)
  return 0
}

/// What was counted; nil where it can't be.
private func outcome(_ input: [UInt8], window: Int) -> Outcome? {
  guard let source = try? ByteSource(bytes: input, name: "input", window: window),
    let capture = try? CaptureFile(source), let analysis = try? TraceAnalysis(reading: [capture])
  else { return nil }
  return Outcome(rows: Array(analysis.counts.rows), facts: analysis.counts.facts, warnings: analysis.warnings)
}

private struct Outcome: Equatable {
  var rows: [TrafficCounts.Row]
  var facts: TrafficFacts
  var warnings: [String]
}
