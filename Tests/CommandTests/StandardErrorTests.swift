import Foundation
import Testing

/// Nobody can be told: the exit code stays, and no result is harmed.
@Suite struct StandardErrorTests {
  @Test(arguments: ["2</dev/null", "2>&-"]) func aFailureKeepsItsCode(redirection: String) async throws {
    let failure = try await Command.shell("$TRANSHUMANCE analyze no-such-file \(redirection)")
    #expect(failure.code == 1)
    let usage = try await Command.shell("$TRANSHUMANCE analyze --nonsense \(redirection)")
    #expect(usage.code == 2)
  }

  /// A file that is opened while standard error is closed must not take its place.
  @Test func warningsDoNotGoIntoFiles() async throws {
    try await withTemporaryFolder { folder in
      let command = try await Command.shell(
        """
        cd '\(folder.path)' && gzip -dc '\(Command.root.path)/Examples/cg.A.8.pcap.gz' | head -c 100000 > cut.pcap
        $TRANSHUMANCE analyze cut.pcap --plot a.svg 2>/dev/null >/dev/null
        $TRANSHUMANCE analyze cut.pcap --plot b.svg 2>&- >/dev/null; echo $?; cmp a.svg b.svg
        """)
      #expect(command.output == "1\n")
      #expect(command.code == 0)
    }
  }

  @Test func aClosedOutputIsAFailure() async throws {
    let command = try await Command.shell("$TRANSHUMANCE analyze Examples/cg.A.8.pcap.gz >&-")
    #expect(command.code == 1)
    #expect(command.error.contains("standard output"))
  }
}
