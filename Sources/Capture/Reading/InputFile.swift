#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// read(2), by a name that the method doesn't hide.
private let readBytes = unsafe read

/// A file or standard input, open for reading; or bytes in memory. Closed with the last reference to it, but for
/// standard input.
final class InputFile {
  let name: String
  /// Bytes in the file; nil for a pipe or a device.
  let size: UInt64?
  private(set) var bytesRead: UInt64 = 0
  private let descriptor: CInt
  private let isOwned: Bool
  /// What is left of a file that is in memory.
  private var memory: ArraySlice<UInt8>?

  /// - Parameter path: `-` for standard input.
  init(path: String) throws(CaptureError) {
    isOwned = path != "-"
    name = isOwned ? path : "standard input"
    // SAFETY: the path is passed as a NUL-terminated copy.
    descriptor = isOwned ? unsafe open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
    let failure = errno
    var status = stat()
    // SAFETY: fstat(2) writes one `stat`, which `status` is.
    let known = unsafe fstat(descriptor, &status) == 0
    let kind = status.st_mode & S_IFMT
    size = known && kind == S_IFREG ? UInt64(max(0, status.st_size)) : nil
    guard descriptor >= 0 else {
      throw CaptureError(.cannotOpen, file: name, Self.advice(failure))
    }
    if kind == S_IFDIR {
      throw CaptureError(.cannotOpen, file: name, "is a directory; name the captures in it")
    }
  }

  /// Bytes in memory, as if they were a file's.
  init(bytes: [UInt8], name: String) {
    (self.name, size, descriptor, isOwned) = (name, UInt64(bytes.count), -1, false)
    memory = bytes[...]
  }

  deinit {
    if isOwned, descriptor >= 0 { close(descriptor) }
  }

  /// Reads into `buffer[room]`.
  ///
  /// - Returns: how many bytes; 0 at the end of the file.
  func read(into buffer: inout [UInt8], _ room: Range<Int>) throws(CaptureError) -> Int {
    precondition(room.lowerBound >= 0 && room.upperBound <= buffer.count)
    if let left = memory {
      let part = left.prefix(room.count)
      buffer.replaceSubrange(room.lowerBound..<room.lowerBound + part.count, with: part)
      memory = left.dropFirst(part.count)
      bytesRead += UInt64(part.count)
      return part.count
    }
    while true {
      // SAFETY: the precondition keeps the bytes that read(2) writes inside the buffer.
      let result = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe readBytes(descriptor, bytes.baseAddress?.advanced(by: room.lowerBound), room.count)
      }
      if result >= 0 {
        bytesRead += UInt64(result)
        return result
      }
      if errno != EINTR {
        throw CaptureError(.cannotRead, file: name, offset: bytesRead, Self.text(errno))
      }
    }
  }

  private static func advice(_ code: CInt) -> String {
    switch code {
    case ENOENT: "no such file"
    case EACCES: "permission denied; make it readable for this user"
    case EMFILE: "too many open files; raise the limit (ulimit -n) or merge some first (mergecap)"
    default: text(code)
    }
  }

  private static func text(_ code: CInt) -> String {
    // SAFETY: strerror returns a NUL-terminated string, or nil on no platform of ours.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
