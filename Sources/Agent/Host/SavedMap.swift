internal import Foundation
internal import Moves
internal import SwiftProtobuf
internal import Wire

/// The map on the disk, as the JSON of its message.
struct SavedMap {
  let path: String

  /// Empty where there is none or it can't be read: peers know it, too.
  func load() -> [FabricEntry] {
    guard let data = FileManager.default.contents(atPath: path),
      let message = try? Transhumance_V1_FabricMap(jsonUTF8Bytes: [UInt8](data))
    else { return [] }
    return message.entries.compactMap { try? FabricEntry($0) }
  }

  func save(_ entries: [FabricEntry]) throws {
    let bytes: [UInt8] = try Transhumance_V1_FabricMap(entries).jsonUTF8Bytes()
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
