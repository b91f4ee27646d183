import Testing

/// `hold` asked of the agent of `StandInServices`.
@Suite struct HoldCommandTests {
  private func hold(_ arguments: [String]) async throws -> Command {
    try await StandInServices.federation.serve { socket in
      try await Command.run(["hold"] + arguments + ["--socket", socket])
    }
  }

  @Test func saysWhatIsInForce() async throws {
    let held = try await hold(["--reason", "a fan"])
    #expect(held.code == 0 && held.output == "a1: held\n", "\(held.error)")
    #expect(held.error.contains("the move of vm2 has begun, and goes on to its end"), "\(held.error)")
    #expect(held.error.contains("until now: a1 is held by somebody since 2026-11-24T15:46:00Z: before"))
    let undone = try await hold(["--undo"])
    #expect(undone.code == 0 && undone.output == "a1: isn't held any more\n" && undone.error.isEmpty, "\(undone)")
  }

  @Test func whatCannotBeMeantIsAUsageError() async throws {
    let both = try await Command.run(["hold", "--undo", "--reason", "a fan", "--socket", "/nowhere"])
    #expect(both.code == 2 && both.error.contains("--undo needs none"), "\(both.error)")
    let twice = try await Command.run(["hold", "--reason", "a", "--reason", "b", "--socket", "/nowhere"])
    #expect(twice.code == 2)
    let absent = try await Command.run(["hold", "--socket", "/nowhere"])
    #expect(absent.code == 1 && absent.error.contains("no agent at /nowhere"), "\(absent.error)")
  }
}
