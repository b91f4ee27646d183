/// What there is to be said of files that are watched: once of each thing that is wrong, and when nothing is any more.
package struct FileProblems: Hashable, Sendable {
  package enum News: Hashable, Sendable {
    /// What is wrong, and what counts all the same.
    case wrong(String)
    case right(String)
  }

  /// By path.
  private var told: [String: String] = [:]

  package init() {}

  /// - Returns: nil where there is nothing new.
  package mutating func news<Value>(of file: WatchedFile<Value>) -> News? {
    let problem = file.problem
    let before = told.updateValue(problem ?? "", forKey: file.path) ?? ""
    guard problem ?? "" != before else { return nil }
    return problem.map { .wrong($0) } ?? .right("\(file.path): nothing is wrong with it any more")
  }
}
