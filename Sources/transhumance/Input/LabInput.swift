import Documents
import Model

/// Reading a lab file for a command.
enum LabInput {
  /// The lab, with warnings told on standard error.
  /// - Parameter path: `-` is standard input.
  static func read(_ path: String) throws -> LabDescription {
    try read(bytes(path), name: path == "-" ? "<stdin>" : path)
  }

  static func read(_ bytes: [UInt8], name: String) throws -> LabDescription {
    do {
      let (lab, warnings) = try LabDocument.parse(bytes, file: name)
      for warning in warnings { Terminal.printLine("\(warning)") }
      return lab
    } catch {
      throw CommandFailure(message: "\(name) can't be used\n\(error)")
    }
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    do {
      return try DocumentFile(path: path).read(upTo: DocumentKind.maximumBytes + 1)
    } catch {
      throw CommandFailure(message: "\(path): \(error)")
    }
  }
}
