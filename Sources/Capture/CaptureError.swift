/// Why a capture can't be read, where, and what to do about it.
public struct CaptureError: Error, Hashable, Sendable {
  /// What went wrong. More may come: always have a default case.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
      case cannotOpen, cannotRead, empty, notACapture, corrupt, tooLong, decompressionBomb, memoryLimit
    }
    private let kind: Kind

    /// The file is missing, is a directory or may not be read.
    public static let cannotOpen = Code(kind: .cannotOpen)
    /// Reading failed on the way.
    public static let cannotRead = Code(kind: .cannotRead)
    /// Zero bytes.
    public static let empty = Code(kind: .empty)
    /// It doesn't begin as a pcap or pcapng file does.
    public static let notACapture = Code(kind: .notACapture)
    /// What is there can't be so.
    public static let corrupt = Code(kind: .corrupt)
    /// A record or block that is longer than any sane one.
    public static let tooLong = Code(kind: .tooLong)
    /// Compressed data that expand to almost nothing but repetition.
    public static let decompressionBomb = Code(kind: .decompressionBomb)
    /// More pairs and periods than memory is meant for.
    public static let memoryLimit = Code(kind: .memoryLimit)
  }

  public var code: Code
  /// The file's name as given; `standard input` for that.
  public var file: String
  /// Where in the file, from 0; nil where that means nothing.
  public var offset: UInt64?
  /// Whether `offset` counts in what a compressed file decompresses to.
  public var isDecompressed: Bool
  public var message: String

  public init(_ code: Code, file: String, offset: UInt64? = nil, isDecompressed: Bool = false, _ message: String) {
    self.code = code
    self.file = file
    self.offset = offset
    self.isDecompressed = isDecompressed
    self.message = message
  }
}

extension CaptureError: CustomStringConvertible {
  public var description: String {
    guard let offset else { return "\(file): \(message)" }
    return "\(file): byte \(offset)\(isDecompressed ? " of the decompressed data" : ""): \(message)"
  }
}
