import Foundation
import Synchronization
import Testing

/// A PostgreSQL server in a folder of its own. It ends with this value, and with this process however it ends.
final class PostgresServer: Sendable {
  let folder: String
  private let script: LineProcess
  private let lastDatabase = Mutex(0)

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/postgres")

  /// For all tests that don't stop it.
  static let shared = Result { try PostgresServer() }

  /// Where `initdb` is: in the path, or where Debian has it.
  private static let binaries: String? = {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let newestFirst = versions.sorted { (Double($0) ?? 0) > (Double($1) ?? 0) }
    let folders = newestFirst.map { "/usr/lib/postgresql/\($0)/bin" } + path
    return folders.first { folder in
      ["initdb", "postgres", "psql"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
  }()

  /// Skips the test that runs, and is heard of, where there is no PostgreSQL.
  static func require() throws {
    guard binaries == nil else { return }
    if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("the tests of PostgreSQL need its server") }
    try Test.cancel("NOT TESTED: PostgreSQL isn't installed; `apt-get install postgresql`, or `make test`")
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    script = try LineProcess([Self.fixtures.appending(path: "server.sh").path, Self.binaries ?? "", folder])
    let start = try script.run()
    try #require(start.code == "0", "\(start.lines.joined(separator: "\n"))")
  }

  /// The address of a new database.
  func newDatabase(options: String = "") throws -> String {
    let name = lastDatabase.withLock { last in
      last += 1
      return "test\(last)"
    }
    try sql("CREATE DATABASE \(name) \(options)")
    return address(of: name)
  }

  func address(of database: String, user: String = "postgres") -> String {
    "postgresql://\(user)@/\(database)?host=\(folder)"
  }

  /// What `psql` prints, a line a row, in the database of an address.
  @discardableResult
  func sql(_ statement: String, in address: String = "/postgres?") throws -> [String] {
    let path = address.split(separator: "?")[0]
    let database = path.split(separator: "/").last ?? ""
    let answer = try script.run("sql \(database) \(statement)")
    try #require(answer.code == "0", "\(statement): \(answer.lines.joined(separator: "\n"))")
    return answer.lines
  }

  func stop() throws { try #require(script.run("stop").code == "0") }
  func start() throws { try #require(script.run("start").code == "0") }

  /// A transaction that prints the first statement's result, and ends half a second later.
  func slowTransaction(_ statement: String, in address: String) throws -> LineProcess {
    let binaries = try #require(Self.binaries)
    return try LineProcess([
      "\(binaries)/psql", address, "-XAtq", "--single-transaction", "-c", statement, "-c", "SELECT pg_sleep(0.5)",
    ])
  }

  /// A proxy before it that loses answers (`proxy.py`), and the address of a database through it.
  func proxy(to address: String) throws -> (proxy: LineProcess, address: String) {
    let front = "\(folder)/proxy-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: front, withIntermediateDirectories: true)
    let socket = ".s.PGSQL.5432"
    let proxy = try LineProcess([
      "/usr/bin/env", "python3", "-B", Self.fixtures.appending(path: "proxy.py").path, "\(front)/\(socket)",
      "\(folder)/\(socket)",
    ])
    try #require(try proxy.run().code == "0")
    return (proxy, address.replacing("host=\(folder)", with: "host=\(front)"))
  }
}
