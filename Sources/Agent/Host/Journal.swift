internal import Foundation
internal import SystemPackage

/// What an agent writes before it acts: a line of JSON a record, on the disk when `append` returns.
///
/// A last line that was cut by a crash is dropped when the file is opened. Of what
/// has been read only what `keep` chooses stays, so that the file doesn't grow for ever.
final class Journal<Record: Codable & Sendable> {
  private var file: FileDescriptor
  private let encoder = JSONEncoder()

  /// - Returns: the journal, and the records it holds, oldest first.
  static func open(path: String, keep: ([Record]) -> [Record]) throws -> (journal: Journal, records: [Record]) {
    let data = FileManager.default.contents(atPath: path) ?? Data()
    let decoder = JSONDecoder()
    let all = data.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(Record.self, from: $0) }
    let records = keep(all)
    // Written anew beside and renamed, so that a crash here loses nothing.
    let encoder = JSONEncoder()
    let fresh = try records.map { try encoder.encode($0) + Data([UInt8(ascii: "\n")]) }.reduce(Data(), +)
    try fresh.write(to: URL(fileURLWithPath: path), options: .atomic)
    let file = try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.append, .closeOnExec], permissions: .ownerReadWrite)
    return (Journal(file: file), records)
  }

  private init(file: FileDescriptor) {
    self.file = file
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  deinit {
    try? file.close()
  }

  func append(_ record: Record) throws {
    var line = try encoder.encode(record)
    line.append(UInt8(ascii: "\n"))
    try file.writeAll(line)
    guard fdatasync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }
}
