extension XMLElement {
  /// The element as a document of its own. Text comes before children: where both are mixed, their order is lost.
  package var document: String {
    let attributes = attributes.sorted { $0.key < $1.key }
      .map { " \($0.key)='\(DomainDescription.escaped($0.value))'" }.joined()
    guard !text.isEmpty || !children.isEmpty else { return "<\(name)\(attributes)/>" }
    return "<\(name)\(attributes)>\(DomainDescription.escaped(text))\(children.map(\.document).joined())</\(name)>"
  }
}
