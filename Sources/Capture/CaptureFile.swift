internal import Traffic

/// A capture file while it is read: pcap or pcapng, plain or gzip.
public final class CaptureFile {
  let source: ByteSource
  /// The packets of the window that were read last, and which of them comes next.
  private(set) var records: [PacketRecord] = []
  var next = 0
  /// Where the file was cut short; nil while it isn't known to be.
  private(set) var cut: CaptureError?
  private var format: Format?
  private var isAtEnd = false

  private enum Format {
    case pcap(PcapFormat)
    case pcapng(PcapngFormat)
  }

  /// Packets read at once: few enough for their records to stay in the first-level cache.
  private static let batch = 512

  /// Opens a file, or standard input for the path `-`.
  ///
  /// - Throws: ``CaptureError``; with ``CaptureError/Code/notACapture`` what is none may still be a matrix: see
  ///   ``TraceInput``.
  public convenience init(path: String) throws(CaptureError) {
    try self.init(ByteSource(path: path))
  }

  /// Reads a source from where it stands.
  public init(_ source: ByteSource) throws(CaptureError) {
    self.source = source
    guard try Self.isCapture(source) else {
      throw source.error(.notACapture, "is no pcap or pcapng capture: its first bytes are none of their magic numbers")
    }
    if try Self.magic(source) == PcapngFormat.sectionHeader {
      format = .pcapng(PcapngFormat())
    } else {
      format = try PcapFormat(source).map(Format.pcap)
    }
    if format == nil { end(inside: UInt64(source.count)) }
    records.reserveCapacity(Self.batch)
  }

  public var name: String { source.name }
  /// Bytes of the file itself that were read, and how many it has; nil for a pipe.
  public var bytesRead: UInt64 { source.bytesRead }
  public var size: UInt64? { source.size }
  /// Packets that the file gives no time stamp: those that take that of the packet before them, and those before the
  /// first time stamp.
  var untimedPackets: (later: UInt64, first: UInt64) {
    if case .pcapng(let format) = format { format.untimedPackets } else { (0, 0) }
  }

  /// Whether what comes next begins as a capture does.
  static func isCapture(_ source: ByteSource) throws(CaptureError) -> Bool {
    try magic(source).map { $0 == PcapngFormat.sectionHeader || PcapFormat.begins(with: $0) } ?? false
  }

  private static func magic(_ source: ByteSource) throws(CaptureError) -> UInt32? {
    guard try source.fill(to: 4) else { return nil }
    let window = source.bytes
    return ByteOrder.little.number32(window.span, at: source.start)
  }

  /// Reads on until there is a packet to take.
  ///
  /// - Returns: false at the end of the file.
  func advance() throws(CaptureError) -> Bool {
    if next < records.count { return true }
    records.removeAll(keepingCapacity: true)
    next = 0
    while records.isEmpty, !isAtEnd {
      let progress: ReadingProgress
      switch format {
      case .pcap(let pcap): progress = try pcap.read(source, into: &records, limit: Self.batch)
      case .pcapng(var pcapng):
        progress = try pcapng.read(source, into: &records, limit: Self.batch)
        format = .pcapng(pcapng)
      case nil: progress = .ended(inside: 0)
      }
      if case .ended(let inside) = progress { end(inside: inside) }
    }
    return !records.isEmpty
  }

  /// - Parameter inside: how many bytes of a record, block or header are there that goes on beyond the end.
  private func end(inside: UInt64) {
    isAtEnd = true
    guard source.isCut || inside > 0 else { return }
    cut = source.error(
      .corrupt, at: source.count,
      "cut short\(inside > 0 ? ", \(inside) bytes into a record or header" : ""); counted up to there")
  }
}
