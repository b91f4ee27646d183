extension DiagnosticLog {
  /// Tells libyaml's complaint in the words of those who write documents.
  func syntaxError(_ error: YAMLSyntaxError, in text: ArraySlice<UInt8>) {
    if let offset = error.byteOffset {
      // Of a character cut short, libyaml points at the byte that doesn't continue it.
      let first = text.prefix(offset).suffix(3).lastIndex { $0 >= 0xc0 }.map { $0 - text.startIndex }
      let offset = error.problem == "invalid trailing UTF-8 octet" ? first ?? offset : offset
      let position = Position(byteOffset: offset, in: text)
      if let code = error.character {
        self.error(at: position, error.problem, hint: "remove the character U+\(hexadecimal(code, digits: 4))")
      } else {
        let byte = hexadecimal(UInt32(text.dropFirst(offset).first ?? 0), digits: 2)
        self.error(at: position, "the byte 0x\(byte) is no UTF-8", hint: "save the file as UTF-8")
      }
      return
    }
    if error.problem.hasPrefix("Maximum nesting level") {
      self.error(at: error.position, "nested deeper than \(YAMLComposer.maximumDepth) levels")
      return
    }
    var message = error.problem
    if let context = error.context, context.position != error.position {
      message += ", \(context.text) that began at \(context.position.line):\(context.position.column)"
    }
    self.error(at: error.position, message, hint: hint(for: error, in: text))
  }

  private func hint(for error: YAMLSyntaxError, in text: ArraySlice<UInt8>) -> String? {
    switch error.problem {
    case "found character that cannot start any token":
      text.line(error.position.line).dropFirst(Int(error.position.column) - 1).first == UInt8(ascii: "\t")
        ? "YAML is indented by spaces, not tabs" : "a text that begins with @, ` or % needs quotes"
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      "YAML is indented by spaces, not tabs"
    case "mapping values are not allowed in this context":
      "a second ': ' on one line: put the text in quotes; or the line is indented too far"
    case "did not find expected key", "did not find expected '-' indicator":
      "this line's indentation fits none of the lines above"
    case "could not find expected ':'": "a field is written `name: value`"
    case "did not find expected ',' or ']'": "a comma or the closing ] is missing before this place"
    case "did not find expected ',' or '}'": "a comma or the closing } is missing before this place"
    case "did not find expected node content": "a value is missing here, or a [ or { before this place isn't closed"
    case "found invalid Unicode character escape code": "write the character itself, or \\U and eight digits"
    case "found unexpected end of stream": "a closing quote is missing"
    case "did not find expected <document start>": "there is more text after the end of the document"
    default: nil
    }
  }
}

private func hexadecimal(_ number: UInt32, digits: Int) -> String {
  let text = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

extension ArraySlice<UInt8> {
  /// A line of text, from 1.
  fileprivate func line(_ number: UInt32) -> ArraySlice<UInt8> {
    var rest = self
    for _ in 1..<Swift.max(1, number) { rest = rest.drop { $0 != UInt8(ascii: "\n") }.dropFirst() }
    return rest.prefix { $0 != UInt8(ascii: "\n") }
  }
}

extension Position {
  /// The place of a byte; line ends are LF, with or without a CR.
  init(byteOffset: Int, in text: ArraySlice<UInt8>) {
    let before = text.prefix(max(0, byteOffset))
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
    // Continuation bytes of UTF-8 begin no character.
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    self.init(line: UInt32(clamping: line), column: UInt32(clamping: column))
  }
}
