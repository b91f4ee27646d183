import Testing

@Suite struct HelpTests {
  @Test func helpGoesToStandardOutput() async throws {
    let help = try await Command.run(["--help"])
    #expect(help.code == 0)
    #expect(help.output.contains("From a capture to a plan"))
    #expect(help.error.isEmpty)
  }

  @Test(arguments: [["analyse"], ["--nonsense"]])
  func usageErrorsAreTwo(arguments: [String]) async throws {
    let command = try await Command.run(arguments)
    #expect(command.code == 2)
    #expect(command.output.isEmpty)
    #expect(command.error.contains("Usage:"))
  }
}
