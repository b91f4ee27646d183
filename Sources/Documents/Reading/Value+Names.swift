internal import Model

extension Value {
  /// A list of names, at least one, none twice.
  func names(_ noun: String) -> [String] {
    let items = items()
    if items.isEmpty, case .sequence = node.content { error("lists no \(noun)", hint: "at least one") }
    var seen = Set<String>()
    return items.compactMap { item in
      guard let name = item.name() else { return nil }
      if !seen.insert(name).inserted { item.error("\(quoted(name)) is listed twice") }
      return name
    }
  }

  /// `8.2.1`; `8.2` in quotes, since 8.10 would be the number 8.1.
  func qemuVersion() -> QEMUVersion? {
    guard let text = text() else { return nil }
    let version = QEMUVersion(text)
    if version == nil { error("\(quoted(text)) is no version of QEMU", hint: "two or three numbers: 8.2.1") }
    return version
  }
}
