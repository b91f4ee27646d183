/// The bytes of a file, decompressed where it is gzip: what the readers of capture formats read from.
///
/// Holds one window of bytes, which moves forward; it grows only for a record that is longer.
public final class ByteSource {
  /// The window: `bytes[start..<end]` is there to be taken.
  private(set) var bytes: [UInt8]
  private(set) var start = 0
  private(set) var end = 0
  /// Of `bytes[start]` in the file, after decompression.
  private(set) var offset: UInt64 = 0

  private let file: InputFile
  private var gzip: GzipMembers?

  /// Opens a file, or standard input for the path `-`, and looks at its first bytes.
  ///
  /// - Parameter window: how many bytes to hold at once.
  /// - Throws: ``CaptureError`` for what can't be opened or read, or has zero bytes.
  public convenience init(path: String, window: Int = 1 << 20) throws(CaptureError) {
    try self.init(InputFile(path: path), window: window)
  }

  /// Takes bytes in memory for those of a file.
  public convenience init(bytes: [UInt8], name: String, window: Int = 1 << 20) throws(CaptureError) {
    try self.init(InputFile(bytes: bytes, name: name), window: window)
  }

  private init(_ file: InputFile, window: Int) throws(CaptureError) {
    self.file = file
    bytes = [UInt8](repeating: 0, count: max(window, 16))
    _ = try fill(to: 2)
    if count == 0 { throw error(.empty, "is empty: zero bytes, where even a capture without packets has a header") }
    guard count >= 2, bytes[0] == 0x1f, bytes[1] == 0x8b else { return }
    gzip = GzipMembers(compressed: bytes, count: end)
    end = 0
    _ = try fill(to: 1)
    if count == 0, !isCut { throw error(.empty, "is empty once decompressed") }
  }

  /// The file's name as given; `standard input` for that.
  public var name: String { file.name }
  /// Bytes of the file itself that were read, and how many it has; nil for a pipe.
  public var bytesRead: UInt64 { file.bytesRead }
  public var size: UInt64? { file.size }
  /// The file ended in the middle of compressed data.
  var isCut: Bool { gzip?.isCut ?? false }
  /// What is to be said of the end of the file, once it is reached.
  var warning: String? {
    gzip?.trailer.map { "\(name): byte \($0): what follows the compressed data is no gzip; ignored" }
  }
  /// Bytes in the window.
  var count: Int { end - start }

  /// Makes the window hold at least `wanted` bytes, unless the file ends before; what the window held keeps its order,
  /// not its place.
  ///
  /// - Returns: whether it holds them.
  func fill(to wanted: Int) throws(CaptureError) -> Bool {
    if count >= wanted { return true }
    for index in 0..<count where start > 0 { bytes[index] = bytes[start + index] }
    (start, end) = (0, count)
    if wanted > bytes.count { bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count)) }
    while count < wanted {
      let room = end..<bytes.count
      let read =
        gzip == nil
        ? try file.read(into: &bytes, room)
        : try gzip?.read(from: file, into: &bytes, room) ?? 0
      if read == 0 { return false }
      end += read
    }
    return true
  }

  /// Takes bytes that the window holds.
  func take(_ taken: Int) {
    precondition(taken >= 0 && taken <= count)
    start += taken
    offset += UInt64(taken)
  }

  /// Takes bytes, whether the window holds them or not.
  ///
  /// - Returns: whether there were as many.
  func skip(_ skipped: UInt64) throws(CaptureError) -> Bool {
    var rest = skipped
    while true {
      let taken = Int(min(rest, UInt64(count)))
      take(taken)
      rest -= UInt64(taken)
      if rest == 0 { return true }
      if try !fill(to: 1) { return false }
    }
  }

  /// Hands over all that is left, piece by piece: of a file that isn't a capture.
  ///
  /// - Parameter body: takes a piece; false where it wants no more. The first has at least 4096 bytes, unless the file
  ///   ends before.
  /// - Throws: ``CaptureError`` for what can't be read or is cut short.
  public func read(_ body: (ArraySlice<UInt8>) -> Bool) throws(CaptureError) {
    _ = try fill(to: 4096)
    while try fill(to: 1) {
      let isMoreWanted = body(bytes[start..<end])
      take(count)
      if !isMoreWanted { return }
    }
    if isCut { throw error(.corrupt, "is cut short: its compressed data end in the middle") }
  }

  /// An error at a distance from the start of the window.
  func error(_ code: CaptureError.Code, at distance: Int = 0, _ message: String) -> CaptureError {
    CaptureError(
      code, file: name, offset: code == .empty ? nil : offset + UInt64(distance), isDecompressed: gzip != nil, message)
  }
}
