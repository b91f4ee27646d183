/// What a file given as a trace turned out to be.
public enum TraceInput {
  case capture(CaptureFile)
  /// No capture: perhaps a traffic matrix. What was read of it is still to be had from ``ByteSource/read(_:)``.
  case other(ByteSource)

  /// Opens files, `-` for standard input, each with a share of the memory meant for windows.
  ///
  /// - Throws: ``CaptureError`` for what can't be opened or read, or has zero bytes.
  public static func open(_ paths: [String]) throws(CaptureError) -> [TraceInput] {
    let window = max(1 << 14, min(1 << 20, (32 << 20) / max(1, paths.count)))
    var inputs: [TraceInput] = []
    for path in paths {
      let source = try ByteSource(path: path, window: window)
      inputs.append(try CaptureFile.isCapture(source) ? .capture(try CaptureFile(source)) : .other(source))
    }
    return inputs
  }
}
