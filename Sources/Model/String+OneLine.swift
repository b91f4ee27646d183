extension String {
  /// Without characters that a terminal would take for more than text (Unicode's category Cc), so that what somebody
  /// has typed can be told on one line.
  package var onOneLine: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0.properties.generalCategory != .control }))
  }
}
