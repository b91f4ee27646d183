internal import CZlib

/// zlib's decompression of gzip members, in constant memory.
@safe final class Inflater {
  enum Outcome: Equatable {
    case more
    /// A member ended here; another may follow.
    case memberEnd
    case failed(String)
  }

  // SAFETY: the pointers that a z_stream holds are set before each call and not used after it; zlib's own state behind
  // it lives from inflateInit to inflateEnd, and the stream doesn't move, as zlib wants it, being a member of a class.
  private var stream = unsafe z_stream()
  private let isReady: Bool

  /// Begins at the start of a member.
  init() {
    // 15: the largest window; 16 more: gzip's header and trailer, whose checksum zlib verifies.
    isReady = unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { unsafe inflateEnd(&stream) }
  }

  /// Begins a further member.
  func reset() {
    if isReady { unsafe inflateReset(&stream) }
  }

  /// Inflates from `input[source]` into `output[target]` until one of them is used up or a member ends.
  ///
  /// - Returns: how much of each was used.
  func inflate(
    _ input: inout [UInt8], _ source: Range<Int>, into output: inout [UInt8], _ target: Range<Int>
  ) -> (read: Int, written: Int, outcome: Outcome) {
    guard isReady else { return (0, 0, .failed("zlib has no memory")) }
    precondition(source.lowerBound >= 0 && source.upperBound <= input.count)
    precondition(target.lowerBound >= 0 && target.upperBound <= output.count)
    // SAFETY: zlib reads and writes within the ranges, which the preconditions keep inside the arrays.
    let code = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress?.advanced(by: source.lowerBound)
        unsafe stream.avail_in = UInt32(clamping: source.count)
        unsafe stream.next_out = output.baseAddress?.advanced(by: target.lowerBound)
        unsafe stream.avail_out = UInt32(clamping: target.count)
        return unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
      }
    }
    let outcome: Outcome =
      switch code {
      case Z_OK, Z_BUF_ERROR: .more
      case Z_STREAM_END: .memberEnd
      case Z_NEED_DICT: .failed("they want a preset dictionary, which gzip has not")
      case Z_MEM_ERROR: .failed("zlib has no memory")
      default: .failed(unsafe stream.msg.map { unsafe String(cString: $0) } ?? "zlib error \(code)")
      }
    let left = unsafe (input: Int(stream.avail_in), output: Int(stream.avail_out))
    return (source.count - left.input, target.count - left.output, outcome)
  }
}
