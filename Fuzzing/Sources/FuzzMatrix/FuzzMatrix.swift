internal import Documents

/// A traffic matrix in CSV: the same when it comes in pieces, and when it is written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes the start and length of its buffer.
  let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let whole = Result { () throws(DocumentError) in try MatrixDocument.parse(input, file: "input") }
  let pieces = Result { () throws(DocumentError) in
    var reader = MatrixReader(file: "input")
    for start in stride(from: 0, to: input.count, by: 3) { reader.read(input[start..<min(start + 3, input.count)]) }
    return try reader.finish()
  }
  precondition(whole == pieces)
  if let matrix = try? whole.get() {
    let again = try? MatrixDocument.parse(MatrixDocument.text(of: matrix), file: "again")
    precondition(again == matrix)
  }
  return 0
}
