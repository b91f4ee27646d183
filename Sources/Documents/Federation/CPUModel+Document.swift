internal import Model

extension FederationDocument {
  static func cpuModels(of fields: Fields) -> [CPUModel] {
    var names = NameTable("a CPU model")
    var models: [CPUModel] = []
    for item in fields.items("cpuModels") {
      guard let fields = Fields(item, .cpuModel) else { continue }
      let name = fields.name()
      if let name, let place = fields["name"] { names.add(name, at: place) }
      guard let runs = fields["runs"] else { continue }
      models.append(CPUModel(name: name ?? "", runs: runs.names("CPU model")))
      // Told where it closes.
      if let name, let loop = models.loop(from: name) {
        let words = zip(loop, loop.dropFirst()).map { "\(quoted($0)) runs \(quoted($1))" }.joined(separator: ", ")
        runs.error(
          "make a loop: \(words)",
          hint: "models that run each other's guests are one: take it out here, and give their hosts one `cpuModel`")
        models[models.count - 1].runs = []
      }
    }
    return models
  }

  static func owners(of fields: Fields) -> [Owner] {
    var names = NameTable("an owner")
    return fields.items("owners").compactMap { item in
      guard let fields = Fields(item, .owner) else { return nil }
      let name = fields.name()
      if let name, let place = fields["name"] { names.add(name, at: place) }
      return Owner(name: name ?? "", shares: fields.number("shares", .positive) ?? 1)
    }
  }
}

extension [CPUModel] {
  /// The shortest way from a model back to itself, by what each runs; nil where there is none.
  fileprivate func loop(from name: String) -> [String]? {
    let direct = Dictionary(map { ($0.name, $0.runs) }, uniquingKeysWith: { first, _ in first })
    var ways = [[name]]
    var seen = Set<String>()
    while !ways.isEmpty {
      let way = ways.removeFirst()
      for next in direct[way[way.count - 1]] ?? [] {
        if next == name { return way + [next] }
        if seen.insert(next).inserted { ways.append(way + [next]) }
      }
    }
    return nil
  }
}
