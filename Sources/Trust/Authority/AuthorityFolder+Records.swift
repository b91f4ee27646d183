internal import Foundation
package import Model

extension AuthorityFolder {
  /// Signs a certificate, and records it before anybody gets it.
  ///
  /// - Parameter by: who has it made.
  package func issue(
    _ order: CertificateOrder, at now: Timestamp, by: String
  ) throws(TrustError) -> IssuedCertificate {
    try lock.hold { () throws(TrustError) in try record(load().issue(order, at: now, by: by)) }
  }

  /// The folder's lock is held.
  func record(_ issued: IssuedCertificate) throws(TrustError) -> IssuedCertificate {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let line = try? encoder.encode(issued.record) else {
      throw TrustError(.malformed, "what was issued can't be written as JSON")
    }
    try PrivateFile.append(issuedPath, line: Array(line), PrivateFile.secret)
    return issued
  }

  /// All that was signed, oldest first, and what can't be read.
  package func records() throws(TrustError) -> (records: [IssuedRecord], problems: [String]) {
    let bytes: [UInt8]
    do throws(TrustError) {
      bytes = try PrivateFile.read(issuedPath, limit: 1 << 30)
    } catch {
      guard error.code == .missing else { throw error }
      bytes = []
    }
    let decoder = JSONDecoder()
    var records: [IssuedRecord] = []
    var problems: [String] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      if let record = try? decoder.decode(IssuedRecord.self, from: Data(line)) {
        records.append(record)
      } else {
        problems.append("\(issuedPath): line \(index + 1) can't be read")
      }
    }
    return (records, problems)
  }

  /// - Throws: `file` where the file is there and can't be read.
  package func revocations() throws(TrustError) -> (revocations: Revocations, problem: String?) {
    do throws(TrustError) {
      let (revocations, problem) = Revocations.parse(try PrivateFile.read(revokedPath, limit: 64 << 20))
      return (revocations, problem.map { "\(revokedPath): \($0)" })
    } catch {
      guard error.code == .missing else { throw error }
      return (Revocations(), nil)
    }
  }

  /// The same, for whoever has a copy of the list and makes no guesses: an operator's command, a host that joins.
  ///
  /// - Throws: also where a part of it can't be read.
  package func wholeRevocations() throws(TrustError) -> Revocations {
    let (revocations, problem) = try revocations()
    guard let problem else { return revocations }
    throw TrustError(.malformed, "\(problem): mend the file, or copy the authority's anew")
  }

  /// The same, for whoever checks peers.
  package func watchRevocations() -> WatchedFile<Revocations> { Revocations.watching(revokedPath) }

  /// What is to be revoked.
  package enum Target: Hashable, Sendable {
    case serial(SerialNumber)
    /// All of its certificates that are still good.
    case holder(Identity)
  }

  /// - Returns: serial numbers that this has revoked; those that were before are left out.
  /// - Throws: `missing` where nothing was issued that it could mean; `malformed` where it isn't known whether that is
  ///   all.
  @discardableResult
  package func revoke(
    _ target: Target, reason: String, at now: Timestamp
  ) throws(TrustError) -> [SerialNumber] {
    try lock.hold { () throws(TrustError) in
      let (records, problems) = try records()
      let before = try revocations().revocations
      let meant: [SerialNumber]
      switch target {
      case .serial(let serial):
        // One whose record can't be read may be meant, too.
        guard !problems.isEmpty || records.contains(where: { $0.serial == serial }) else {
          throw TrustError(.missing, "no certificate \(serial) was issued from \(path): transhumance ca show lists all")
        }
        meant = [serial]
      case .holder(let identity):
        guard problems.isEmpty else {
          throw TrustError(
            .malformed,
            "\(problems.joined(separator: ", ")): a certificate of \(identity) may be among what can't be read, so "
              + "nothing is revoked: do it by serial number (transhumance ca revoke SERIAL; transhumance ca show lists "
              + "those that can be read), or mend or remove what can't be read")
        }
        meant = records.filter { $0.belongs(to: identity) && $0.notAfter >= now }.map(\.serial)
        guard !meant.isEmpty else {
          throw TrustError(
            .missing, "\(identity) has no certificate that is still good: transhumance ca show lists all")
        }
      }
      let new = meant.filter { !before.contains($0) }
      for serial in new {
        let line = Revocations.line(serial, at: now, reason: reason)
        try PrivateFile.append(revokedPath, line: Array(line.utf8), PrivateFile.readable)
      }
      return new
    }
  }
}
