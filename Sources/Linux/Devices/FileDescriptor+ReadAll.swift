package import SystemPackage

extension FileDescriptor {
  /// What is left of a file up to its end; of one below /proc, too, whose size isn't known before.
  package func readAll() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        // The kernel writes no more than the buffer holds.
        count = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }
}
