/// How a format's reading of what comes next went.
enum ReadingProgress {
  /// There may be more to read.
  case more
  /// The file has ended, that many bytes into a record, block or header; 0 between two of them.
  case ended(inside: UInt64)
}
