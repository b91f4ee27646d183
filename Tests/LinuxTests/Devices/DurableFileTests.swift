import Foundation
import Linux
import SystemPackage
import Testing

struct DurableFileTests {
  private func withFolder(_ body: (FilePath) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "/durable-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(FilePath(folder))
  }

  private func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string)
  }

  @Test func isReplacedAndRemoved() throws {
    try withFolder { folder in
      let path = folder.appending("x")
      #expect(try DurableFile.read(path) == nil)
      for bytes: [UInt8] in [[1, 2, 3], [4]] {
        try DurableFile.write(bytes, to: path)
        #expect(try DurableFile.read(path) == bytes)
      }
      let permissions = try FileManager.default.attributesOfItem(atPath: path.string)[.posixPermissions]
      #expect((permissions as? NSNumber)?.intValue == 0o600)
      // Nothing else is left of it.
      #expect(try names(in: folder) == ["x"])
      for _ in 0..<2 { try DurableFile.remove(path) }
      #expect(try names(in: folder).isEmpty)
    }
  }

  /// A folder is in its place, as something is that can't be replaced.
  @Test func whatCannotBeWrittenLeavesNothing() throws {
    try withFolder { folder in
      let path = folder.appending("x")
      try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: false)
      #expect(throws: Errno.isDirectory) { try DurableFile.write([1], to: path) }
      #expect(try names(in: folder) == ["x"])
      #expect(throws: Errno.noSuchFileOrDirectory) { try DurableFile.write([1], to: folder.appending("y/z")) }
    }
  }
}
