import Testing

private let controller = ["controller", "--federation", "f.yaml", "--state", "/nonexistent"]
private let host = ["host", "--name", "a1", "--lab", "lab.yaml", "--state", "/nonexistent"]
private let plan = ["plan", "--federation", "f.yaml", "--application", "a.yaml", "--traffic", "t.csv"]
private let migrate = ["migrate", "vm1", "--to", "a2"]
private let slow = ["lab", "wan", "slow"]

/// Command, option, value, and what is said of the range.
private let refused: [([String], String, String, String)] = [
  (["query"], "--last", "-1", "1 to 20,000"), (["query"], "--wait", "-5s", "0 to 24h"),
  (["query"], "--start", "-5m", "a time with its zone"), (["token", "create"], "--uses", "-1", "1 or more"),
  (["query", "--answer", "weighted"], "--coefficient", "-0.5", "above 0"),
  (["query"], "--weights", "-1,2", "0 or more"),
  (["analyze", "t.csv"], "--factor", "-1", "at least 0"), (["analyze", "t.csv"], "--negligible", "-0.5", "at least 0"),
  (["analyze", "t.csv"], "--minimum-modularity", "-1.5", "from -1 to 1"),
  (["analyze", "t.csv"], "--period", "-30s", "above 0"), (["analyze", "t.csv"], "--hop", "-1ms", "0 to 1s"),
  (["analyze", "t.csv"], "--window", "-5", "above 0"), (["analyze", "t.csv"], "--top", "-1", "1 or more"),
  (plan, "--window", "-5", "above 0"), (plan, "--time-limit", "-5", "above 0"),
  (controller, "--window", "-30", "30 to 86400"), (controller, "--weights", "-1,1", "0 or more"),
  (controller, "--clock-bound", "-1", "0.1 to 3600"), (controller, "--plan-expiry", "-1", "above 0"),
  (controller, "--keep", "-1", "1 or more"),
  (host, "--period", "-1s", "1s to 1h"), (host, "--period", "25h", "1s to 1h"),
  (["sense"], "--period", "-1s", "a tenth of a second to a day"), (["sense"], "--periods", "-1", "one at least"),
  (migrate, "--bandwidth", "-5", "1 … 1,000,000"), (migrate, "--max-downtime", "-0.1", "0.001 … 60"),
  (migrate, "--max-rounds", "-1", "1 … 1,000,000"), (migrate, "--timeout", "-1", "1 … 1,000,000"),
  (["lab", "up"], "--period", "-30", "1 … 3600"),
  (slow, "--latency", "-1", "0 to 60,000"), (slow, "--bandwidth", "-1", "0.001 to 1,000,000"),
]

/// A number below zero is a value, and where it can't be one that is told with the option and what it takes.
@Suite struct NegativeValueTests {
  @Test(arguments: refused)
  func isRefusedByTheOption(_ command: [String], _ option: String, _ value: String, _ range: String) async throws {
    let run = try await Command.run(command + [option, value])
    #expect(run.code == 2)
    #expect(run.error.contains(option) && run.error.contains(range), "\(run.error)")
    #expect(!run.error.contains("Unknown option"))
  }

  @Test func isTakenWhereItMeansSomething() async throws {
    let run = try await Command.run(["analyze", "Examples/cg.A.8.pcap.gz", "--minimum-modularity", "-0.5"])
    #expect(run.code == 0 && run.output.contains("groups"), "\(run.error)")
  }
}
