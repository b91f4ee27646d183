/// Who takes turns: an owner, or an application of nobody in particular, which may be named like an owner.
enum Party: Hashable {
  case owner(String)
  case application(String)

  /// `alice`; of an application that is named like an owner among `others`, `alice (application)`.
  func words(among others: some Collection<Party>) -> String {
    switch self {
    case .owner(let name): name
    case .application(let name): others.contains(.owner(name)) ? "\(name) (application)" : name
    }
  }
}
