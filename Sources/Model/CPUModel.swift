/// A CPU model, as libvirt names it, and the older ones whose guests run on it: what has all their instructions.
public struct CPUModel: Hashable, Sendable {
  public var name: String
  /// By name; what those run, it runs too.
  public var runs: [String]

  public init(name: String, runs: [String] = []) {
    self.name = name
    self.runs = runs
  }
}

extension [CPUModel] {
  /// By model, the models of all guests that it runs, its own included: the transitive closure of `runs`.
  public var guests: [String: Set<String>] {
    let direct = Dictionary(map { ($0.name, $0.runs) }, uniquingKeysWith: +)
    return direct.mapValues { runs in
      var (seen, next) = (Set<String>(), runs)
      while let model = next.popLast() {
        if seen.insert(model).inserted { next += direct[model] ?? [] }
      }
      return seen
    }.reduce(into: [:]) { $0[$1.key] = $1.value.union([$1.key]) }
  }
}
