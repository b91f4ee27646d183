import Foundation
import Testing

/// Where `analyze --plot` writes, and what it leaves alone.
@Suite struct PlotFileTests {
  private func plot(_ path: String) async throws -> Command {
    try await Command.run(["analyze", "Tests/Fixtures/npb/cg.A.4.csv", "--plot", path])
  }

  @Test func aLinkStaysAndWhatItPointsToIsWritten() async throws {
    try await withTemporaryFolder { folder in
      let (link, target) = (folder.path + "/link.svg", folder.path + "/target.svg")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target.svg")
      // First a link to nowhere, then one to a file, whose permissions stay.
      for permissions in [0o600, 0o640] {
        #expect(try await plot(link).code == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target.svg")
        #expect(try String(contentsOfFile: target, encoding: .utf8).hasSuffix("</svg>\n"))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: target)
      }
      #expect(try await plot(link).code == 0)
      let attributes = try FileManager.default.attributesOfItem(atPath: target)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["link.svg", "target.svg"])
    }
  }

  @Test func aFIFOStays() async throws {
    try await withTemporaryFolder { folder in
      let shell = try await Command.shell(
        """
        mkfifo '\(folder.path)/fifo'; cat '\(folder.path)/fifo' > '\(folder.path)/copy' &
        $TRANSHUMANCE analyze Tests/Fixtures/npb/cg.A.4.csv --plot '\(folder.path)/fifo'; code=$?
        wait; test -p '\(folder.path)/fifo' && exit $code
        """)
      #expect(shell.code == 0)
      #expect(shell.output.contains("10.77.0.1"))
      #expect(try String(contentsOfFile: folder.path + "/copy", encoding: .utf8).hasSuffix("</svg>\n"))
    }
  }

  /// Before anything is read, with one message that names the file.
  @Test func whereNothingCanBeWritten() async throws {
    try await withTemporaryFolder { folder in
      let capture = folder.path + "/capture.pcap"
      try Data("precious".utf8).write(to: URL(filePath: capture))
      let refusals = [
        (folder.path, "is a directory"), (folder.path + "/no/where.svg", "there is no folder"),
        (capture + "/x.svg", "is no folder"), (capture, "doesn't end in .svg"),
      ]
      for (path, reason) in refusals {
        let refused = try await plot(path)
        #expect(refused.code == 1)
        #expect(refused.output.isEmpty)
        #expect(refused.error.contains("\(path): ") && refused.error.contains(reason))
        #expect(refused.error.split(separator: "\n").count == 1)
      }
      #expect(try String(contentsOfFile: capture, encoding: .utf8) == "precious")
    }
  }

  @Test func standardOutputHasTheResult() async throws {
    #expect(try await plot("-").code == 2)
    let picture = try await plot("traffic.png")
    #expect(picture.code == 2 && picture.error.contains("pictures are SVG"), "\(picture.error)")
    let piped = try await plot("/proc/self/fd/1")
    #expect(piped.code == 1)
    #expect(piped.output.isEmpty)
    #expect(piped.error.contains("is standard output"))
  }

  @Test(.disabled(if: geteuid() == 0, "root may write everywhere")) func withoutPermission() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.path + "/mine.svg"
      try Data().write(to: URL(filePath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file)
      #expect(try await plot(file).error.contains("may not be written"))
    }
  }
}
