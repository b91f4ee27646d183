/// A recursive-descent reader of XML 1.0 as libvirt writes it (https://www.w3.org/TR/xml/), bounded in depth.
struct XMLReader {
  private static let maximumDepth = 64

  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(LibvirtError) -> XMLElement {
    try skipMisc()
    let root = try element(depth: 0)
    try skipMisc()
    guard position == bytes.count else { throw error("text after the end") }
    return root
  }

  private mutating func element(depth: Int) throws(LibvirtError) -> XMLElement {
    guard depth < Self.maximumDepth else { throw error("elements are nested too deeply") }
    guard take("<") else { throw error("an element was expected") }
    var element = XMLElement(name: try name())
    while true {
      skipSpace()
      if take("/>") { return element }
      if take(">") { break }
      let key = try name()
      skipSpace()
      guard take("=") else { throw error("'=' was expected") }
      skipSpace()
      element.attributes[key] = try quoted()
    }
    var text: [UInt8] = []
    while true {
      if take("</") {
        guard try name() == element.name else { throw error("the end of <\(element.name)> was expected") }
        skipSpace()
        guard take(">") else { throw error("'>' was expected") }
        element.text = trimmed(text)
        return element
      }
      if take("<!--") {
        try skip(past: "-->")
      } else if take("<![CDATA[") {
        let start = position
        try skip(past: "]]>")
        text += bytes[start..<(position - 3)]
      } else if take("<?") {
        try skip(past: "?>")
      } else if peek == UInt8(ascii: "<") {
        element.children.append(try self.element(depth: depth + 1))
      } else {
        try character(into: &text)
      }
    }
  }

  private mutating func quoted() throws(LibvirtError) -> String {
    guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw error("a quoted value was expected")
    }
    position += 1
    var value: [UInt8] = []
    while let byte = peek {
      if byte == quote {
        position += 1
        return String(decoding: value, as: UTF8.self)
      }
      try character(into: &value)
    }
    throw error("a value doesn't end")
  }

  /// One byte of text, or the character that a reference stands for.
  private mutating func character(into text: inout [UInt8]) throws(LibvirtError) {
    guard let byte = peek else { throw error("the document ends early") }
    guard byte == UInt8(ascii: "&") else {
      text.append(byte)
      position += 1
      return
    }
    guard let end = bytes[position...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
      throw error("a reference doesn't end")
    }
    let reference = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    guard let scalar = Self.scalar(of: reference) else { throw error("&\(reference); is unknown") }
    text += Array(String(Character(scalar)).utf8)
    position = end + 1
  }

  private static func scalar(of reference: String) -> Unicode.Scalar? {
    switch reference {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    case _ where reference.hasPrefix("#x"): UInt32(reference.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    case _ where reference.hasPrefix("#"): UInt32(reference.dropFirst()).flatMap(Unicode.Scalar.init)
    default: nil
    }
  }

  private mutating func name() throws(LibvirtError) -> String {
    let start = position
    while let byte = peek, !Self.isSpace(byte), !"=/><\"'&".utf8.contains(byte) { position += 1 }
    guard position > start else { throw error("a name was expected") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// White space, comments, the XML declaration and other instructions outside the root element.
  private mutating func skipMisc() throws(LibvirtError) {
    while true {
      skipSpace()
      if take("<?") {
        try skip(past: "?>")
      } else if take("<!--") {
        try skip(past: "-->")
      } else {
        return
      }
    }
  }

  private mutating func skip(past end: String) throws(LibvirtError) {
    while position < bytes.count {
      if take(end) { return }
      position += 1
    }
    throw error("'\(end)' was expected")
  }

  private mutating func skipSpace() {
    while let byte = peek, Self.isSpace(byte) { position += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private func trimmed(_ text: [UInt8]) -> String {
    guard let first = text.firstIndex(where: { !Self.isSpace($0) }),
      let last = text.lastIndex(where: { !Self.isSpace($0) })
    else { return "" }
    return String(decoding: text[first...last], as: UTF8.self)
  }

  private func error(_ message: String) -> LibvirtError {
    LibvirtError(code: .xmlError, message: "byte \(position): \(message)", operation: "reading libvirt's XML")
  }
}
