import Testing

/// An option of one value that is given twice isn't taken by its last value without a word, whatever the command.
@Suite struct RepeatedOptionTests {
  @Test(arguments: [
    (["migrate", "vm1", "--to", "a2", "--to", "b1"], "--to is given twice"),
    (["migrate", "--to=a2", "vm1", "--to", "b1"], "--to is given twice"),
    (["events", "--application", "cg", "--follow", "--application", "mg"], "--application is given twice"),
    (["query", "--last", "1", "--last", "2", "--last", "3"], "--last is given 3 times"),
    (["apply", "-f", "cg.yaml", "--file", "mg.yaml"], "--file is given twice"),
    (["analyze", "x.pcap", "--top", "-1", "--top", "2"], "--top is given twice"),
    // Of the default subcommand, and of another one.
    (["lab", "wan", "--format", "json", "--format", "table"], "--format is given twice"),
    (["lab", "wan", "slow", "a", "b", "--latency", "1", "--latency", "2"], "--latency is given twice"),
    (["plan", "--federation", "f", "--federation", "g", "--application", "a", "--traffic", "t"], "--federation is"),
  ])
  func isRefused(_ arguments: [String], _ message: String) async throws {
    let run = try await Command.run(arguments)
    #expect(run.code == 2)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(run.output.isEmpty)
  }

  /// What may be repeated, what is a value, and what isn't ours.
  @Test func othersAreNot() async throws {
    let several = try await Command.run([
      "analyze", "Examples/cg.A.8.pcap.gz", "--decapsulate", "--decapsulate", "--top", "1",
    ])
    #expect(several.code == 0, "\(several.error)")
    let interfaces = try await Command.run(["sense", "--interface", "nosuchtap", "--interface", "nosuchother"])
    #expect(interfaces.code == 1 && interfaces.error.contains("nosuchtap"), "\(interfaces.error)")
    let captures = try await Command.run([
      "plan", "--federation", "/nonexistent", "--application", "a", "--traffic", "x", "--traffic", "y",
    ])
    #expect(captures.code == 1, "\(captures.error)")
    let help = try await Command.run(["migrate", "--to", "a2", "--to", "b1", "--help"])
    #expect(help.code == 0 && help.output.contains("transhumance migrate"), "\(help.error)")
    let unknown = try await Command.run(["migrat", "--to", "a2", "--to", "b1"])
    #expect(unknown.code == 2 && !unknown.error.contains("twice"), "\(unknown.error)")
  }
}
