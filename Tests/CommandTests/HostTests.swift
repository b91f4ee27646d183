import Testing

/// `transhumance host`, where it can't run.
struct HostTests {
  private func run(period: String) async throws -> Command {
    try await Command.run(
      ["host", "--name", "a1", "--lab", "lab.yaml", "--state", "/nonexistent", "--period=\(period)"])
  }

  @Test(arguments: ["0", "0s", "0.5", "999ms", "3601", "2h", "100000h"]) func periodIsRefused(
    _ period: String
  ) async throws {
    let result = try await run(period: period)
    #expect(result.code == 2)
    #expect(result.error.contains("from 1s to 1h"), "\(result.error)")
  }

  @Test(arguments: ["-1", "-30s", "", "s", "nan", "1e30"]) func periodIsNoTime(_ period: String) async throws {
    let result = try await run(period: period)
    #expect(result.code == 2)
    #expect(result.error.contains("--period"), "\(result.error)")
  }

  /// What comes next is that there is no such file.
  @Test(arguments: ["1", "1000ms", "1h"]) func periodIsTaken(_ period: String) async throws {
    let result = try await run(period: period)
    #expect(result.code == 1)
    #expect(result.error.contains("lab.yaml"), "\(result.error)")
  }
}
