import Testing

extension SystemTests {
  /// Inside b1 it is b1 that is held, also by the agent that takes the place of one that was killed; whoever wants a move
  /// is told why there is none.
  func expectHold(_ lab: SmallLab) async throws {
    let hold = try await lab.run("lab", "exec", "b1", "--", "transhumance", "hold", "--reason", "a fan")
    try #require(hold.code == 0 && hold.output == "b1: held\n", "\(hold.output)\(hold.error)")
    let killed = try await lab.shell("b1", "kill -9 $(pgrep -f '[h]ost --name b1 --lab')")
    try #require(killed.code == 0, "\(killed.error)")
    try await lab.wait("b1 to be held by its next agent") {
      try await lab.run("get", "hosts", "--format", "csv").output.contains(",root,a fan,")
    }
    for (vm, host) in [("vm1", "b1"), ("vm2", "a1")] {
      let move = try await lab.run("migrate", vm, "--to", host)
      #expect(move.code == 1 && move.error.contains("b1 is held by root since 20"), "\(move.error)")
    }
    let undone = try await lab.run("lab", "exec", "b1", "--", "transhumance", "hold", "--undo")
    #expect(undone.code == 0 && undone.output == "b1: isn't held any more\n", "\(undone.output)\(undone.error)")
    try await lab.wait("vm2 to be free to leave") {
      try await lab.run("migrate", "vm2", "--to", "a1", "--dry-run").code == 0
    }
  }
}
