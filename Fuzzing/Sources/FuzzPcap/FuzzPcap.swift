internal import Capture

/// A pcap file, plain or gzip: read and counted.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard input.starts(with: [0x0a, 0x0d, 0x0d, 0x0a]) == false else { return -1 }
  // A small window, so that records cross it.
  for window in [64, 1 << 20] {
    guard let source = try? ByteSource(bytes: input, name: "input", window: window),
      let capture = try? CaptureFile(source)
    else { continue }
    _ = try? TraceAnalysis(reading: [capture])
  }
  return 0
}
