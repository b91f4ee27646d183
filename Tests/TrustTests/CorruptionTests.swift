import Foundation
import Testing
import Trust

/// Files in which a byte is wrong: they are refused, or what is wrong makes no difference.
@Suite struct CorruptionTests {
  private static let bits: [UInt8] = [1, 0x20, 0x80]

  private func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

  @Test(arguments: bits)
  func credentials(bit: UInt8) async throws {
    try await withAuthority { authority, folder in
      let good = try authority.credentials(.host, "a1")
      try good.save(folder: folder)
      let chain = try certificates(pem: good.chainPEM)
      let path = folder + "/credentials.pem"
      let bytes = try contents(path)
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      defer { try? file.close() }
      func put(_ byte: UInt8, at index: Int) throws {
        try file.seek(toOffset: UInt64(index))
        try file.write(contentsOf: [byte])
      }
      for index in bytes.indices {
        try put(bytes[index] ^ bit, at: index)
        do {
          let read = try Credentials.load(folder: folder)
          #expect(try read.peer == good.peer && read.key.pem == good.key.pem, "byte \(index)")
          let check = ChainCheck(trusting: read, revocations: Revocations())
          #expect(try await check.peer(chain, for: .client, at: .noon) == good.peer, "byte \(index)")
        } catch { #expect(error is TrustError, "byte \(index): \(error)") }
        try put(bytes[index], at: index)
      }
      #expect(try Credentials.load(folder: folder).peer == good.peer)
    }
  }

  @Test(arguments: bits)
  func authorities(bit: UInt8) async throws {
    try await withAuthority { folder, _ in
      let (crt, key) = (try contents(folder.path + "/ca.crt"), try contents(folder.path + "/ca.key"))
      let good = try folder.load()
      func check(_ crt: [UInt8], _ key: [UInt8], _ what: String) {
        do {
          let read = try Authority(certificates: crt, key: KeyPair(pem: key, source: "ca.key"), source: "ca.crt")
          #expect(try read.keyHash == good.keyHash && read.key.pem == good.key.pem, "\(what)")
          #expect(read.subject == good.subject && read.notAfter == good.notAfter, "\(what)")
        } catch { #expect(error is TrustError, "\(what): \(error)") }
      }
      for index in crt.indices {
        var changed = crt
        changed[index] ^= bit
        check(changed, key, "byte \(index) of ca.crt")
      }
      for index in key.indices {
        var changed = key
        changed[index] ^= bit
        check(crt, changed, "byte \(index) of ca.key")
      }
    }
  }

  /// Cut at any byte.
  @Test func cutFiles() async throws {
    try await withAuthority { folder, _ in
      let crt = try contents(folder.path + "/ca.crt")
      let key = try KeyPair(pem: contents(folder.path + "/ca.key"), source: "ca.key")
      // The line's end after the last line may be missing.
      for length in 0..<(crt.count - 1) {
        #expect(throws: TrustError.self, "\(length) bytes") {
          _ = try Authority(certificates: Array(crt.prefix(length)), key: key, source: "ca.crt")
        }
      }
    }
  }
}
