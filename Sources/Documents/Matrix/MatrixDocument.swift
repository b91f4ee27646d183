public import Model

/// A traffic matrix as CSV (RFC 4180): `source,destination,packets,frame_bytes,ip_bytes[,waits]`, one row per
/// direction.
///
/// A header line is required; columns stand in any order, unknown ones are ignored. Rows of the same pair add up; rows
/// from an endpoint to itself are checked and left out. Blanks around a field without quotes don't count.
public enum MatrixDocument {
  /// Reads a matrix.
  ///
  /// - Parameters:
  ///   - file: how diagnostics name the document.
  ///   - windowSeconds: the time that the counts cover, which the file doesn't say.
  public static func parse(
    _ bytes: [UInt8], file: String, windowSeconds: Double? = nil
  ) throws(DocumentError) -> TrafficMatrix {
    var reader = MatrixReader(file: file)
    reader.read(bytes[...])
    return try reader.finish(windowSeconds: windowSeconds)
  }

  public static func parse(
    _ text: String, file: String, windowSeconds: Double? = nil
  ) throws(DocumentError) -> TrafficMatrix {
    try parse(Array(text.utf8), file: file, windowSeconds: windowSeconds)
  }

  /// A matrix as CSV with LF line ends, which `parse` reads back as the same; without the column `waits` where waits
  /// weren't counted.
  public static func text(of matrix: TrafficMatrix) -> String {
    let columns = Column.allCases.filter { $0 != .waits || matrix.hasWaits }
    var text = columns.map(\.rawValue).joined(separator: ",") + "\n"
    for row in matrix.rows {
      text += "\(escaped(row.source)),\(escaped(row.destination))"
      for figure in [row.packets, row.frameBytes, row.ipBytes] { text += "," + shortest(figure) }
      if matrix.hasWaits { text += "," + shortest(row.waits) }
      text += "\n"
    }
    return text
  }

  /// The columns that are read, by their names in the header.
  enum Column: String, CaseIterable {
    case source
    case destination
    case packets
    case frameBytes = "frame_bytes"
    case ipBytes = "ip_bytes"
    case waits
  }

  private static func escaped(_ endpoint: Endpoint) -> String {
    guard case .name(let name) = endpoint else { return endpoint.description }
    let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") }
    return isPlain ? name : "\"" + name.replacingScalars { $0 == "\"" ? "\"\"" : nil } + "\""
  }

  /// Whole numbers without a point; others with as many digits as it takes to read them back exactly.
  private static func shortest(_ figure: Double) -> String {
    Int64(exactly: figure).map(String.init) ?? figure.description
  }
}
