import Foundation
import Model
import Subprocess
import SwiftASN1
import SystemPackage
import Testing
import Trust

extension Timestamp {
  /// 2026-11-24T12:00:00Z
  static let noon = Timestamp(nanoseconds: 1_795_521_600_000_000_000)
  static let day: Int64 = 86_400_000_000_000

  /// By the machine's clock, as OpenSSL goes.
  static var present: Timestamp { Timestamp(seconds: Date.now.timeIntervalSince1970.rounded(.down)) }

  func days(_ count: Int64) -> Timestamp { advanced(byNanoseconds: count * Self.day) }
}

/// A folder of its own for a test, removed afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "transhumance-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// A folder with an authority of our own in it, made at noon.
func withAuthority<Result>(_ body: (AuthorityFolder, String) async throws -> Result) async throws -> Result {
  try await withFolder { folder in
    let authority = AuthorityFolder(path: folder + "/pki")
    _ = try authority.create(name: "test", at: .noon)
    return try await body(authority, folder)
  }
}

extension AuthorityFolder {
  /// Credentials with a key of their own.
  func credentials(
    _ role: Identity.Role, _ name: String, names: [SubjectName] = [], lifetime: Int64 = CertificateOrder.lifetime,
    at now: Timestamp = .noon
  ) throws -> Credentials {
    let key = KeyPair()
    let order = CertificateOrder(try Identity(role, name), names: names, lifetime: lifetime, for: key)
    return try Credentials(issue(order, at: now, by: "test"), key: key)
  }
}

/// The judgement of somebody else.
enum OpenSSL {
  struct Result {
    var code: Int32
    var output: String
    var error: String
  }

  /// Runs `openssl` with these arguments.
  static func run(_ arguments: String..., input: String = "") async throws -> Result {
    try await run(.name("openssl"), arguments, input)
  }

  /// Runs a script of `sh` in a folder, which stops at the first failure.
  static func script(_ text: String, in folder: String) async throws -> Result {
    try await run(.path("/bin/sh"), ["-euc", "cd \"$0\"\n" + text, folder], "")
  }

  private static func run(_ program: Executable, _ arguments: [String], _ input: String) async throws -> Result {
    let result = try await Subprocess.run(
      program, arguments: Arguments(arguments), input: .string(input), output: .string(limit: 1 << 22),
      error: .string(limit: 1 << 22))
    let code: Int32 =
      switch result.terminationStatus {
      case .exited(let code): Int32(code)
      case .signaled(let signal): -Int32(signal)
      }
    return Result(code: code, output: result.standardOutput, error: result.standardError)
  }
}

/// Certificates of a file of PEM, in DER.
func certificates(_ path: String) throws -> [[UInt8]] {
  try certificates(pem: String(contentsOfFile: path, encoding: .utf8))
}

func certificates(pem text: String) throws -> [[UInt8]] {
  try PEMDocument.parseMultiple(pemString: text).filter { $0.discriminator == "CERTIFICATE" }.map(\.derBytes)
}

func write(_ text: String, _ path: String, mode: Int = 0o600) throws {
  try Data(text.utf8).write(to: URL(filePath: path))
  try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

/// Permissions of a file or folder.
func mode(_ path: String) throws -> Int? {
  (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
}

/// The `TrustError` that the body throws; nil where it throws none. Others are failures of the test.
func error(_ body: () async throws -> Void) async -> TrustError? {
  do {
    try await body()
    return nil
  } catch {
    if let error = error as? TrustError { return error }
    Issue.record(error)
    return nil
  }
}

/// The code of that.
func refusal(_ body: () async throws -> Void) async -> TrustError.Code? { await error(body)?.code }
