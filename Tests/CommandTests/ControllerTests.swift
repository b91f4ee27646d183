import Foundation
import Testing

/// `transhumance controller` and the options of `transhumance host` that concern it, where they can't be used.
struct ControllerTests {
  private static let federation = "sites: [{name: a, hosts: [{name: a1, vcpus: 4}]}]\nlinks: {}\n"

  @Test(
    arguments: ["0.0.0.0:8080", "192.0.2.1", "[::]:8080", "127.0.0.1:", "127.0.0.1:99999", "::1:8080:9", "localhost"])
  func listensInClearOnlyWhereNobodyListensIn(_ address: String) async throws {
    let result = try await Command.run(
      ["controller", "--federation", "f.yaml", "--state", "/nonexistent/state", "--listen", address])
    #expect(result.code == 2)
    #expect(result.error.contains("listen"), "\(result.error)")
  }

  @Test func collectorMustBeReachedThroughTheLab() async throws {
    let result = try await Command.run(
      ["host", "--name", "a1", "--lab", "lab.yaml", "--state", "/nonexistent", "--collector", "192.0.2.1"])
    #expect(result.code == 2)
    #expect(result.error.contains("10.99.0.0/16"), "\(result.error)")
  }

  @Test func federationIsNeeded() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "federation.yaml")
      let arguments = ["controller", "--federation", file.path, "--state", folder.appending(path: "state").path]
      let missing = try await Command.run(arguments)
      #expect(missing.code == 1)
      #expect(missing.error.contains(file.path), "\(missing.error)")
      try Data("sites: [{nam: a}]\n".utf8).write(to: file)
      let wrong = try await Command.run(arguments)
      #expect(wrong.code == 1)
      #expect(wrong.error.contains("\(file.path):1:"), "\(wrong.error)")
    }
  }

  /// The second of two controllers on one folder says so and ends; the first goes on.
  @Test func folderIsOneControllers() async throws {
    try await withTemporaryFolder { folder in
      let (file, state) = (folder.appending(path: "federation.yaml"), folder.appending(path: "state"))
      try Data(Self.federation.utf8).write(to: file)
      // 127.0.0.2 … so that nothing else is in the way.
      let start = "\"$TRANSHUMANCE\" controller --federation \(file.path) --state \(state.path) --listen 127.0.0.2:0"
      let result = try await Command.shell(
        """
        \(start) 2> \(folder.path)/first & first=$!
        i=0; until grep -q 'listens at' \(folder.path)/first || [ $i = 200 ]; do i=$((i + 1)); sleep 0.05; done
        timeout 10 \(start); code=$?
        kill $first; wait $first; echo "$code $?"
        """)
      #expect(result.output == "1 0\n")
      #expect(result.error.contains("another controller uses the folder"), "\(result.error)")
    }
  }
}
