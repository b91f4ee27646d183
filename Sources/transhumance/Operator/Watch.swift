/// Something that is shown again whenever it has changed, at most once a second, until Ctrl-C.
enum Watch {
  private static let interval = Duration.seconds(1)

  /// Writes what is seen, each time that it differs.
  ///
  /// Who is asked may go away meanwhile, which is said once, and waited for; that it isn't there to begin with is a
  /// failure.
  ///
  /// - Parameters:
  ///   - isInPlace: in the place of what was there, on a terminal; else after it.
  ///   - look: what there is now, as text that ends its last line; nil: what there was.
  static func run(inPlace isInPlace: Bool, _ look: () async throws -> String?) async throws {
    var shown: String?
    var hasBegun = false
    var isAway = false
    while true {
      do {
        let text = try await look() ?? shown
        hasBegun = true
        if isAway { Terminal.printLine("it is back") }
        // What was said meanwhile is wiped from a terminal, too.
        let isSpoiled = isAway && isInPlace
        isAway = false
        if let text, text != shown || isSpoiled {
          try StandardOutput.write(isInPlace ? Terminal.inPlace(text) : text)
          shown = text
        }
      } catch let error where hasBegun && error.isOfAbsence {
        if !isAway { Terminal.printWarning("\(words(error)) Waiting for it (Ctrl-C ends this)") }
        isAway = true
      }
      try await Task.sleep(for: interval)
    }
  }

  private static func words(_ error: any Error) -> String {
    (error as? CommandFailure)?.message ?? "the connection is gone."
  }
}

