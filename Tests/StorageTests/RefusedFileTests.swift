import Foundation
import GRDB
import Model
import Storage
import Testing
import Traffic

@Suite struct RefusedFileTests {
  /// What opening says, and that it left the file as it was.
  private func refusal(of path: String) throws -> StoreError? {
    let before = FileManager.default.contents(atPath: path)
    defer { #expect(FileManager.default.contents(atPath: path) == before) }
    do {
      _ = try SQLiteStore(path: path)
      return nil
    } catch { return error }
  }

  @Test func aLaterVersionIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      do { _ = try SQLiteStore(path: path) }
      do {
        let database = try DatabaseQueue(path: path)
        try await database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 1000") }
        try database.close()
      }
      let error = try #require(try refusal(of: path))
      #expect(error.code == .newer)
      #expect(error.description.contains("format 1000"))
    }
  }

  @Test func anotherProgramsDatabaseIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      do {
        let database = try DatabaseQueue(path: path)
        try await database.write { try $0.execute(sql: "CREATE TABLE report (a)") }
        try database.close()
      }
      #expect(try refusal(of: path)?.code == .notOurs)
    }
  }

  @Test func aFileThatIsNoDatabaseIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      try Data(String(repeating: "no database at all\n", count: 300).utf8).write(to: URL(filePath: path))
      #expect(try refusal(of: path)?.code == .notOurs)
    }
  }

  @Test func damageIsSaidWhereItIsRead() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      do {
        let store = try SQLiteStore(path: path)
        for sequence in 1...400 { try await store.save(.sample(sequence: UInt64(sequence))) }
      }
      // All pages after those of the schema, with noise: what a failing disk leaves.
      let file = try FileHandle(forUpdating: URL(filePath: path))
      let end = try file.seekToEnd()
      try file.seek(toOffset: 16 * 4096)
      try file.write(contentsOf: Data(repeating: 0xa5, count: Int(end) - 16 * 4096))
      try file.close()
      let store = try SQLiteStore(path: path)
      let error = await #expect(throws: StoreError.self) { _ = try await store.reports(of: .sample(0)) }
      #expect(error?.code == .damaged)
    }
  }

  /// Whoever may look into the folder, and whatever is usual for new files.
  @Test func filesAreForTheirOwnerAlone() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/controller.db"
      let store = try SQLiteStore(path: path)
      try await store.save(.sample(sequence: 1))
      for file in ["", "-wal", "-shm"] {
        let mode = try FileManager.default.attributesOfItem(atPath: path + file)[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(path)\(file)")
      }
    }
  }

  @Test func aFolderThatIsNotThereIsSaid() throws {
    let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: "/nowhere/controller.db") }
    #expect(error?.code == .notWritable)
  }
}
