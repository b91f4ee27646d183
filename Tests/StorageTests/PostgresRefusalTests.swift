import Foundation
import Storage
import Testing

/// Databases that can't be used, and what is said of them.
@Suite(.timeLimit(.minutes(2))) struct PostgresRefusalTests {
  private static let secret = "Se%40cret7"

  private func refusal(of address: String) async throws -> StoreError {
    try await #require(
      #expect(throws: StoreError.self) {
        _ = try await PostgresStore(connection: address, timing: .impatient)
      })
  }

  private func server() throws -> PostgresServer {
    try PostgresServer.require()
    return try PostgresServer.shared.get()
  }

  @Test func aLaterVersionIsRefused() async throws {
    let server = try server()
    let address = try server.newDatabase()
    _ = try await PostgresStore(connection: address)
    try server.sql("UPDATE transhumance.format SET version = 1000", in: address)
    let error = try await refusal(of: address)
    #expect(error.code == .newer)
    #expect(error.description.contains("format 1000"))
    #expect(try server.sql("SELECT version FROM transhumance.format", in: address) == ["1000"])
  }

  @Test(arguments: [
    "CREATE TABLE transhumance.report (a int)", "CREATE TABLE transhumance.format (version text)",
    "CREATE TABLE transhumance.format (program int, version bigint)",
    "CREATE TABLE transhumance.format AS SELECT 'another'::text AS program, 1::bigint AS version",
  ]) func anotherProgramsSchemaIsRefused(statement: String) async throws {
    let server = try server()
    let address = try server.newDatabase()
    try server.sql("CREATE SCHEMA transhumance; \(statement)", in: address)
    #expect(try await refusal(of: address).code == .notOurs)
    #expect(try server.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'transhumance'", in: address) == ["1"])
  }

  @Test func aSchemaMadeForUsIsTaken() async throws {
    let server = try server()
    let address = try server.newDatabase()
    try server.sql("CREATE SCHEMA transhumance; CREATE TABLE public.report (a int)", in: address)
    _ = try await PostgresStore(connection: address)
  }

  @Test func anotherEncodingIsRefused() async throws {
    let server = try server()
    let error = try await refusal(of: try server.newDatabase(options: "ENCODING 'LATIN1' TEMPLATE template0"))
    #expect(error.description.contains("LATIN1"))
    #expect(error.description.contains("createdb"))
  }

  @Test func aServerThatIsNotThereIsSaid() async throws {
    let error = try await refusal(of: "postgresql:///transhumance?host=/nowhere")
    #expect(error.code == .unreachable)
    #expect(!error.mayBeKept)
    #expect(error.description.contains("host=/nowhere dbname=transhumance"))
  }

  /// At once, not after the time that a server that restarts is given; and never with the password.
  @Test func whoIsNotLetInIsTold() async throws {
    let server = try server()
    let database = try server.newDatabase()
    let name = try #require(database.split(separator: "?")[0].split(separator: "/").last)
    try server.sql("DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN PASSWORD 'right'")
    let attempts = [
      "postgresql://guarded:\(Self.secret)@/\(name)?host=\(server.folder)",
      "host=\(server.folder) user=guarded password='\(Self.secret)' dbname=\(name)",
      "postgresql:///\(name)?host=\(server.folder)&user=guarded&password=\(Self.secret)",
    ]
    for address in attempts {
      let error = await #expect(throws: StoreError.self) { _ = try await PostgresStore(connection: address) }
      #expect(error?.code == .noAccess)
      #expect(error?.description.contains("guarded") == true)
      #expect(error?.description.contains("cret7") == false)
    }
    #expect(try await refusal(of: server.address(of: "nobody-made-it")).code == .noAccess)
    #expect(try await refusal(of: "service=nobody-wrote-it").code == .noAccess)
    // With the password it is let in, but may make nothing.
    let error = try await refusal(of: "postgresql://guarded:right@/\(name)?host=\(server.folder)")
    #expect(error.code == .notWritable)
    try server.sql("CREATE SCHEMA transhumance AUTHORIZATION guarded", in: database)
    _ = try await PostgresStore(connection: "postgresql://guarded:right@/\(name)?host=\(server.folder)")
  }

  @Test(arguments: [
    "postgresql://me:hunter2/x@db/th", "postgresql://me:hunter2@x@db/th", "postgresql://me:hunter2 @db:port/th",
    "postgresql://me:%zzhunter2@db/th", "host=db password=very hunter2", "host=db password='hunter2",
    "postgresql://db:hunter2/th", "hosts=db password=hunter2", "postgresql:/me:hunter2@db/th",
    "dbname=postgresql://me:hunter2@db/th",
  ]) func noPasswordIsQuoted(address: String) async throws {
    let error = try await refusal(of: address)
    #expect(!error.description.contains("hunter2"))
    #expect(!String(reflecting: error).contains("hunter2"))
  }

  @Test func whatIsMeantIsSaidWhereNoPasswordIs() async throws {
    #expect(try await refusal(of: "hots=db dbname=th").description.contains("hots"))
  }
}
