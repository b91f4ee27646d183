import ArgumentParser

/// Where `--plot` draws: a file of its own, SVG.
struct PictureFile {
  private let path: String

  /// - Throws: `ValidationError` where it isn't a file, or has the name of another format.
  init(argument: String) throws {
    guard !["", "-"].contains(argument) else {
      throw ValidationError("a file's name is needed, since standard output has the result.")
    }
    let suffix = argument.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? "svg"
    guard !["png", "pdf", "jpg", "jpeg", "gif", "webp", "eps", "html"].contains(suffix) else {
      throw ValidationError("pictures are SVG: name it …svg, and have it converted (rsvg-convert, inkscape).")
    }
    path = argument
  }

  /// Before anything is computed: where it can't be written that is said at once.
  func open() throws -> OutputFile { try OutputFile(path: path, suffix: ".svg") }
}
