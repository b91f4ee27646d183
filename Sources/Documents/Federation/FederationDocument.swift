public import Model

/// `federation.yaml`: the sites, their hosts and prices, the links between them and what it costs to send over them.
public enum FederationDocument {
  /// Reads a federation from YAML or JSON in UTF-8.
  ///
  /// - Parameters:
  ///   - file: how diagnostics name the document.
  ///   - now: where it is given, windows that have ended are warned of; errors where the site has no other.
  ///   - overrides: those of federations are applied one after another; problems name the one that brings them.
  /// - Returns: the federation, and warnings.
  public static func parse(
    _ bytes: [UInt8], file: String, now: Timestamp? = nil, overriding overrides: [Override] = []
  ) throws(DocumentError) -> (federation: Federation, warnings: [Diagnostic]) {
    try Override.read(bytes, file: file, as: .federation, overrides) { root, log in
      read(Value(node: root, path: .root, log: log), now: now)
    }
  }

  public static func parse(
    _ text: String, file: String, now: Timestamp? = nil
  ) throws(DocumentError) -> (federation: Federation, warnings: [Diagnostic]) {
    try parse(Array(text.utf8), file: file, now: now)
  }

  private static func read(_ root: Value, now: Timestamp?) -> Federation? {
    guard let fields = Fields(root, .federation) else { return nil }
    var names = (sites: NameTable("a site"), hosts: NameTable("a host"))
    let sites = sites(of: fields, names: &names, now: now)
    let links = fields["links"].flatMap { Links($0, sites: names.sites) }
    let egress = fields["egress"].flatMap { Egress($0, sites: names.sites) }
    return Federation(
      sites: sites, links: links ?? Links(), egress: egress ?? Egress(), cpuModels: cpuModels(of: fields),
      owners: owners(of: fields))
  }

  static func sites(
    of fields: Fields, names: inout (sites: NameTable, hosts: NameTable), now: Timestamp? = nil
  ) -> [Site] {
    guard let list = fields["sites"] else { return [] }
    let items = list.items()
    if items.isEmpty, case .sequence = list.node.content { list.error("lists no site", hint: "at least one") }
    return items.compactMap { Site($0, names: &names, now: now) }
  }
}
