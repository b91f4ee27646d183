extension XMLElement {
  /// Namespaces of the elements that programs have put into the `metadata` of this domain's description; one each, by
  /// libvirt's rule (https://libvirt.org/formatdomain.html#general-metadata).
  package var metadataNamespaces: Set<String> {
    Set(
      children(named: "metadata").flatMap { metadata in
        metadata.children.compactMap { $0.namespace(within: [self, metadata]) }
      })
  }

  /// By what it declares itself, or the nearest of what is around it (https://www.w3.org/TR/xml-names/#scoping); nil:
  /// it has none.
  ///
  /// - Parameter ancestors: the outermost first.
  private func namespace(within ancestors: [XMLElement]) -> String? {
    let parts = name.split(separator: ":", maxSplits: 1)
    let declaration = parts.count == 2 ? "xmlns:\(parts[0])" : "xmlns"
    return (ancestors + [self]).reversed().lazy.compactMap { $0.attributes[declaration] }.first
      .flatMap { $0.isEmpty ? nil : $0 }
  }
}
