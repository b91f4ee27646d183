import SystemPackage

/// A file of the user's, or standard input (`-`), read in pieces.
struct DocumentFile: ~Copyable {
  private let descriptor: FileDescriptor
  private let isOwned: Bool

  /// Throws `Errno`, whose text says what is wrong.
  init(path: String) throws {
    isOwned = path != "-"
    descriptor = isOwned ? try FileDescriptor.open(FilePath(path), .readOnly) : .standardInput
  }

  deinit {
    if isOwned { try? descriptor.close() }
  }

  /// Up to `count` bytes more; fewer only at the end.
  func read(upTo count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while bytes.count < count {
      let wanted = count - bytes.count
      // `read` takes a buffer; this one lives for the call.
      let length = try unsafe piece.withUnsafeMutableBytes { buffer in
        try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(wanted)))
      }
      if length == 0 { break }
      bytes += piece[..<length]
    }
    return bytes
  }
}
