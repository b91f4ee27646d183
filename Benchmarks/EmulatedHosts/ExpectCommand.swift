import ArgumentParser
import Linux
import Model

struct ExpectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expect",
    abstract: "Tells what a controller ought to know of periods of which some hosts have told nothing.",
    discussion: "Reads a line for each such period: its start, and the hosts.")

  @OptionGroup var options: WorkloadOptions

  func validate() throws {
    guard options.start != nil else { throw ValidationError("--start is needed.") }
  }

  func run() throws {
    var missing: [Timestamp: Set<String>] = [:]
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard let first = words.first, let start = Timestamp(first) else {
        throw ValidationError("\"\(line)\" doesn't begin with a time.")
      }
      missing[start] = Set(words.dropFirst().map(String.init))
    }
    let workload = options.workload
    try Summary.print(
      options.periods(now: .now).map { Expectation(workload, $0, missing: missing[$0.start] ?? []) })
  }
}
