import Foundation

/// Tells later commands whom to ask: `context.json` in `$XDG_CONFIG_HOME/transhumance` (or below `~/.config`).
package struct LabContext {
  let folder: LabFolder

  /// For whoever reads it.
  package static var path: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.config"
    return base + "/transhumance/context.json"
  }
  private var path: String { Self.path }

  private struct Document: Codable {
    /// Of an agent.
    var socket: String
    /// Of the controller.
    var controller: String
  }

  /// Whether what is there is another federation's.
  private var isForeign: Bool {
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    guard let document = try? JSONDecoder().decode(Document.self, from: data) else { return true }
    return !document.socket.hasPrefix(folder.path + "/")
  }

  func check() throws(LabError) {
    if isForeign {
      throw LabError(
        "\(path) is the context of another federation, which a lab would replace: move it away, or set XDG_CONFIG_HOME")
    }
  }

  /// - Parameter socket: of an agent
  func write(socket: String) throws(LabError) {
    do {
      let parent = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes]
      let document = Document(socket: socket, controller: folder.controllerSocket)
      try (encoder.encode(document) + [0x0a]).write(to: URL(filePath: path))
    } catch {
      throw LabError("the context \(path) can't be written: \(error.localizedDescription)")
    }
  }

  /// Removes ours, and the folder where nothing else is in it.
  func remove() {
    guard !isForeign, unsafe unlink(path) == 0 else { return }
    unsafe rmdir((path as NSString).deletingLastPathComponent)
  }
}
