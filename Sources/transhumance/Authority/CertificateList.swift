import Model
import Trust

/// Certificates that an authority has signed, oldest first.
struct CertificateList: Listing {
  struct Document: Encodable {
    var serial: String
    var role: String
    var name: String
    /// valid, expired or revoked.
    var state: String
    var notBefore: String
    var notAfter: String
    var issued: String
    var by: String
    var names: [String]
    /// Why it was revoked.
    var reason: String?
  }

  static let key = "certificates"
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("SERIAL", .left), ("ROLE", .left), ("NAME", .left), ("STATE", .left), ("NOT AFTER", .left), ("NAMES", .left),
    ("BY", .left), ("REASON", .left),
  ]
  static let fields = [
    "serial", "role", "name", "state", "not_before", "not_after", "issued", "names", "by", "reason",
  ]
  let rows: [ListedRow<Document>]

  init(_ records: [IssuedRecord], _ revocations: Revocations, at now: Timestamp) {
    rows = records.map { record in
      let revoked = revocations[record.serial]
      return ListedRow(
        Document(
          serial: "\(record.serial)", role: record.role.rawValue, name: record.name,
          state: revoked != nil ? "revoked" : record.notAfter < now ? "expired" : "valid",
          notBefore: "\(record.notBefore)", notAfter: "\(record.notAfter)", issued: "\(record.issued)", by: record.by,
          names: record.names, reason: revoked?.reason))
    }
  }
}

extension ListedRow<CertificateList.Document> {
  fileprivate init(_ certificate: CertificateList.Document) {
    let first = [certificate.serial, certificate.role, certificate.name, certificate.state]
    let last = [certificate.names.joined(separator: " "), certificate.by, certificate.reason ?? ""]
    self.init(
      name: certificate.serial, cells: first + [certificate.notAfter] + last,
      values: first + [certificate.notBefore, certificate.notAfter, certificate.issued] + last, document: certificate)
  }
}
