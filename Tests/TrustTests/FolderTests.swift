import Foundation
import Model
import Testing
import Trust

/// The authority's folder: who may read it, what a crash or another writer does to it.
@Suite struct FolderTests {
  @Test func keysAreTheirOwnersAlone() async throws {
    try await withAuthority { authority, folder in
      let credentials = try authority.credentials(.host, "a1")
      try credentials.save(folder: folder)
      _ = try authority.createJoinToken(by: "test", at: .noon)
      _ = try authority.createAPIToken(APIGrant(.read), by: "test", at: .noon)
      try authority.revoke(.holder(credentials.identity), reason: "", at: .noon)
      #expect(try mode(authority.path) == 0o700)
      for (file, expected) in [
        ("ca.key", 0o600), ("ca.crt", 0o644), ("issued", 0o600), ("revoked", 0o644), ("join-tokens", 0o600),
        ("api-tokens", 0o600), ("lock", 0o600),
      ] {
        #expect(try mode("\(authority.path)/\(file)") == expected, "\(file)")
      }
      #expect(try mode(folder + "/credentials.pem") == 0o600)
      #expect(try mode(folder + "/ca.crt") == 0o644)
      // Nothing is left beside them.
      #expect(try FileManager.default.contentsOfDirectory(atPath: authority.path).filter { $0.hasPrefix(".") } == [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") } == [])
    }
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644])
  func aKeyThatOthersMayReadIsRefused(permissions: Int) async throws {
    try await withAuthority { authority, folder in
      try authority.credentials(.host, "a1").save(folder: folder)
      for path in [authority.path + "/ca.key", folder + "/credentials.pem"] {
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
      }
      let first = await error { _ = try authority.load() }
      #expect(first?.code == .file && first?.description.contains("chmod 600 \(authority.path)/ca.key") == true)
      #expect(await refusal { _ = try Credentials.load(folder: folder) } == .file)
    }
  }

  @Test func anAuthorityIsNeverOverwritten() async throws {
    try await withAuthority { authority, folder in
      let before = try authority.load().certificatesPEM
      #expect(await refusal { _ = try authority.create(name: "again", at: .noon) } == .exists)
      // Nor where half of one is left.
      for file in ["ca.crt", "ca.key"] {
        let half = AuthorityFolder(path: folder + "/half-" + file)
        try FileManager.default.createDirectory(atPath: half.path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(authority.path)/\(file)", toPath: "\(half.path)/\(file)")
        #expect(await refusal { _ = try half.create(name: "again", at: .noon) } == .exists)
        #expect(await refusal { _ = try half.load() } == .missing)
      }
      #expect(try authority.load().certificatesPEM == before)
      #expect(await refusal { _ = try AuthorityFolder(path: folder + "/none").load() } == .missing)
      #expect(await refusal { _ = try AuthorityFolder(path: "/proc/none").create(name: "x", at: .noon) } == .file)
    }
  }

  @Test func ofManyWhoMakeOneOneDoes() async throws {
    try await withFolder { folder in
      let made = await withTaskGroup(of: String?.self) { group in
        for number in 0..<8 {
          group.addTask {
            try? AuthorityFolder(path: folder + "/pki").create(name: "ca \(number)", at: .noon).certificatesPEM
          }
        }
        return await group.reduce(into: [String]()) { made, one in if let one { made.append(one) } }
      }
      let kept = try AuthorityFolder(path: folder + "/pki").load().certificatesPEM
      #expect(made == [kept])
    }
  }

  /// Each through a folder of its own, as other processes would.
  @Test func writersAtOnceLoseNothing() async throws {
    try await withAuthority { authority, _ in
      try await withThrowingTaskGroup(of: SerialNumber?.self) { group in
        for number in 0..<24 {
          group.addTask {
            let folder = AuthorityFolder(path: authority.path)
            let credentials = try folder.credentials(.host, "a\(number)")
            if number.isMultiple(of: 3) {
              try folder.revoke(.holder(credentials.identity), reason: "test", at: .noon)
            }
            _ = try folder.createJoinToken(by: "\(number)", at: .noon)
            return credentials.peer.serial
          }
        }
        let serials = try await group.reduce(into: [SerialNumber]()) { if let one = $1 { $0.append(one) } }
        let (records, problems) = try authority.records()
        #expect(problems.isEmpty)
        #expect(Set(records.map(\.serial)) == Set(serials) && records.count == 24)
        #expect(Set(records.map(\.name)).count == 24)
        let revoked = try authority.revocations()
        #expect(revoked.problem == nil && revoked.revocations.entries.count == 8)
        #expect(try Set(authority.joinTokens().records.map(\.by)).count == 24)
      }
    }
  }

  @Test func aLineThatACrashHasCutStaysALineOfItsOwn() async throws {
    try await withAuthority { authority, _ in
      let (a1, a2) = (try authority.credentials(.host, "a1"), try authority.credentials(.host, "a2"))
      let path = authority.path + "/issued"
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      try file.truncate(atOffset: file.seekToEnd() - 20)
      try file.close()
      let a3 = try authority.credentials(.host, "a3")
      let (records, problems) = try authority.records()
      #expect(records.map(\.serial) == [a1.peer.serial, a3.peer.serial])
      #expect(problems == ["\(path): line 2 can't be read"])
      // It may be anybody's: by a name nothing is revoked.
      let told = await error { try authority.revoke(.holder(a1.identity), reason: "", at: .noon) }
      #expect(told?.code == .malformed && told?.description.hasPrefix("\(path): line 2 can't be read: ") == true)
      #expect(try authority.revocations().revocations.entries.isEmpty)
      // What was cut off can be revoked by its number all the same, also in the file.
      #expect(try authority.revoke(.serial(a2.peer.serial), reason: "", at: .noon) == [a2.peer.serial])
      try write("# by hand\n\n\(a2.peer.serial)\r\n", authority.revokedPath)
      #expect(try authority.revocations().revocations.contains(a2.peer.serial))
      #expect(try authority.revoke(.serial(a2.peer.serial), reason: "", at: .noon) == [])
    }
  }

  @Test func revokingANameRevokesWhatIsStillGood() async throws {
    try await withAuthority { authority, _ in
      let old = try authority.credentials(.host, "a1", lifetime: Timestamp.day)
      let first = try authority.credentials(.host, "a1")
      let second = try authority.credentials(.host, "a1", at: .noon.days(2))
      let controller = try authority.credentials(.controller, "a1")
      let later = Timestamp.noon.days(3)
      #expect(try authority.revoke(.serial(first.peer.serial), reason: "one", at: later) == [first.peer.serial])
      #expect(try authority.revoke(.holder(first.identity), reason: "all", at: later) == [second.peer.serial])
      #expect(try authority.revoke(.holder(first.identity), reason: "again", at: later) == [])
      let revoked = try authority.revocations().revocations
      #expect(!revoked.contains(old.peer.serial) && !revoked.contains(controller.peer.serial))
      #expect(revoked[first.peer.serial]?.reason == "one")
      #expect(await refusal { try authority.revoke(.holder(Identity(.host, "b1")), reason: "", at: later) } == .missing)
    }
  }

  /// Somebody who may write there takes a line out, damages or removes the file: what was revoked stays so.
  @Test func whatIsRevokedStaysSoWhileTheFileIsBroken() async throws {
    try await withAuthority { authority, _ in
      let credentials = try authority.credentials(.host, "a1")
      let watched = authority.watchRevocations()
      #expect(watched.current.entries.isEmpty && watched.problem == nil)
      try authority.revoke(.holder(credentials.identity), reason: "", at: .noon)
      #expect(watched.current.contains(credentials.peer.serial))
      try write("0abc\nno serial number\n", authority.revokedPath)
      #expect(watched.current.contains(credentials.peer.serial))
      #expect(watched.current.contains(try #require(SerialNumber("0abc"))))
      #expect(watched.problem?.contains("line 2") == true)
      try FileManager.default.removeItem(atPath: authority.revokedPath)
      #expect(watched.current.contains(credentials.peer.serial))
      #expect(watched.problem?.contains("is gone") == true)
      // Whole again, or cut short: what it said before counts as long as it is watched.
      try write("0abc\n", authority.revokedPath)
      #expect(watched.current.entries.count == 2 && watched.problem == nil)
    }
  }

  /// Once, with what counts all the same; and tokens count for nothing while they can't be read.
  @Test func damageIsTold() async throws {
    try await withAuthority { authority, _ in
      let credentials = try authority.credentials(.host, "a1")
      let token = try authority.createAPIToken(APIGrant(.read), by: "test", at: .noon)
      try authority.revoke(.holder(credentials.identity), reason: "", at: .noon)
      let (revoked, tokens) = (authority.watchRevocations(), authority.watchAPITokens())
      var problems = FileProblems()
      #expect(problems.news(of: revoked) == nil && problems.news(of: tokens) == nil)
      #expect(try tokens.current.check(token, at: .noon).by == "test")
      let whole = try String(contentsOfFile: authority.apiTokensPath, encoding: .utf8)
      try write("0abc\nno serial number\n", authority.revokedPath)
      try write(String(whole.dropLast(40)), authority.apiTokensPath)
      let first = problems.news(of: revoked)
      #expect(
        first
          == .wrong(
            "\(authority.revokedPath): line 2: \"no\" is no serial number: the 2 certificates that it named, now or "
              + "before, stay revoked, and no other is"))
      guard case .wrong(let text)? = problems.news(of: tokens) else {
        Issue.record("nothing was told")
        return
      }
      #expect(text.hasPrefix(authority.apiTokensPath) && text.hasSuffix("no API token is good until it is mended"))
      #expect(await refusal { _ = try tokens.current.check(token, at: .noon) } == .badToken)
      #expect(problems.news(of: revoked) == nil && problems.news(of: tokens) == nil)
      try write(whole, authority.apiTokensPath)
      #expect(problems.news(of: tokens) == .right("\(authority.apiTokensPath): nothing is wrong with it any more"))
      #expect(try tokens.current.check(token, at: .noon).by == "test")
      // Something that can't be read at all, here a folder.
      try FileManager.default.removeItem(atPath: authority.revokedPath)
      try FileManager.default.createDirectory(atPath: authority.revokedPath, withIntermediateDirectories: false)
      guard case .wrong(let reason)? = problems.news(of: revoked) else {
        Issue.record("nothing was told")
        return
      }
      #expect(reason.contains("can't be read") && reason.hasSuffix("stay revoked, and no other is"))
      #expect(revoked.current.contains(credentials.peer.serial))
    }
  }

  @Test func aControllersOwnCredentialsAreRenewed() async throws {
    try await withAuthority { authority, folder in
      let home = folder + "/own"
      let identity = try Identity(.controller, "c1")
      func own(_ names: [SubjectName] = [.dns("c1.example")], at now: Timestamp = .noon) throws -> Peer {
        try authority.ownCredentials(identity, names: names, folder: home, at: now).peer
      }
      let first = try own()
      #expect(try own() == first)
      #expect(try own(at: .noon.days(59)) == first)
      // Two thirds of 90 days.
      let second = try own(at: .noon.days(60))
      #expect(second.serial != first.serial && second.notAfter == Timestamp.noon.days(150))
      let third = try own([.dns("c1.example"), .dns("c2.example")], at: .noon.days(60))
      #expect(third.serial != second.serial)
      try authority.revoke(.serial(third.serial), reason: "", at: .noon.days(60))
      #expect(try own(at: .noon.days(60)).serial != third.serial)
      try write("damaged", home + "/credentials.pem")
      #expect(try own(at: .noon.days(60)).identity == identity)
    }
  }
}
