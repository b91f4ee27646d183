import Documents
import Foundation
import Model

extension ValidateCommand {
  /// One file on its way to a result. Documents in YAML wait, so that applications can be checked against a federation
  /// that comes later.
  struct Input {
    private(set) var result: File
    /// A document in YAML that is still to be checked.
    private var pending: (bytes: [UInt8], kind: DocumentKind)?
    /// Of a matrix that is valid.
    private(set) var endpoints: [Endpoint]?

    init(path: String, kind: DocumentKind?) {
      result = File(file: Text.fileName(path))
      do {
        let file = try DocumentFile(path: path)
        let beginning = try file.read(upTo: 64 << 10)
        if let refusal = DocumentKind.refusal(ofBeginning: beginning[...], file: result.file) { throw refusal }
        if kind == .matrix || kind == nil && DocumentKind.isMatrix(beginning: beginning[...]) {
          result.kind = DocumentKind.matrix.rawValue
          try checkMatrix(beginning: beginning, rest: file)
        } else {
          // One byte beyond what is read of a document, so that it is refused and not cut.
          let bytes = try beginning + file.read(upTo: DocumentKind.maximumBytes + 1 - beginning.count)
          let kind = try kind ?? DocumentKind.detect(bytes, file: result.file)
          result.kind = kind.rawValue
          pending = (bytes, kind)
        }
      } catch let error as DocumentError {
        fail(error)
      } catch {
        result.valid = false
        result.diagnostics = [Problem(unreadable: "\(error)")]
      }
    }

    /// The federation, if this is a valid one.
    mutating func checkFederation() -> Federation? {
      guard let (bytes, kind) = pending, kind == .federation else { return nil }
      do {
        let (federation, warnings) = try FederationDocument.parse(
          bytes, file: result.file, now: Timestamp(seconds: Date().timeIntervalSince1970))
        let hosts = federation.sites.reduce(0) { $0 + $1.hosts.count }
        pass("federation of \(count(federation.sites.count, "site")) with \(count(hosts, "host"))", warnings)
        return federation
      } catch {
        fail(error)
        return nil
      }
    }

    mutating func checkLab() {
      guard let (bytes, kind) = pending, kind == .lab else { return }
      do {
        let (lab, warnings) = try LabDocument.parse(bytes, file: result.file)
        let parts = [
          count(lab.federation.sites.count, "site"), count(lab.hosts.count, "host"), count(lab.guests.count, "guest"),
        ]
        pass("lab of " + parts.joined(separator: ", "), warnings)
      } catch {
        fail(error)
      }
    }

    mutating func checkScenario() {
      guard let (bytes, kind) = pending, kind == .scenario else { return }
      do {
        let (scenario, warnings) = try ScenarioDocument.parse(bytes, file: result.file)
        let parts = [
          count(scenario.federation.sites.count, "site"), count(scenario.applications.count, "application"),
          count(scenario.events.count, "event"),
        ]
        pass("scenario of " + parts.joined(separator: ", "), warnings)
      } catch {
        fail(error)
      }
    }

    /// The application, if this is one that can be read.
    mutating func checkApplication(against federation: Federation?, _ endpoints: [Endpoint]?) -> Application? {
      guard let (bytes, kind) = pending, kind == .application else { return nil }
      do {
        let (application, diagnostics) = try ApplicationDocument.parse(
          bytes, file: result.file, against: federation, endpoints: endpoints)
        let checked = federation == nil ? ", not checked against a federation" : ""
        pass("application of \(count(application.vms.count, "VM"))\(checked)", diagnostics)
        return application
      } catch {
        fail(error)
        return nil
      }
    }

    /// Warns of endpoints of this matrix that the application doesn't list.
    mutating func checkEndpoints(against application: Application) {
      guard let unlisted = endpoints.map(application.unlisted), !unlisted.isEmpty else { return }
      let list = unlisted.prefix(6).map(\.description).joined(separator: ", ") + (unlisted.count > 6 ? ", …" : "")
      result.diagnostics.append(
        Problem(
          warning: "\(count(unlisted.count, "endpoint")) that the application doesn't list: \(list)",
          hint: "add them to its endpoints, or plan with --ignore-unknown"))
    }

    private mutating func checkMatrix(beginning: [UInt8], rest file: borrowing DocumentFile) throws {
      var reader = MatrixReader(file: result.file)
      var bytes = beginning
      while !bytes.isEmpty, reader.read(bytes[...]) { bytes = try file.read(upTo: 1 << 20) }
      let matrix = try reader.finish()
      endpoints = matrix.endpoints
      pass("matrix of \(count(endpoints?.count ?? 0, "endpoint")) with \(count(matrix.rows.count, "row"))", [])
    }

    /// Errors among the diagnostics are contradictions: the document can be read, but not fulfilled.
    private mutating func pass(_ summary: String, _ diagnostics: [Diagnostic]) {
      result.valid = !diagnostics.contains { $0.severity == .error }
      result.diagnostics = diagnostics.map(Problem.init)
      if result.valid { result.summary = summary }
    }

    private mutating func fail(_ error: DocumentError) {
      result.valid = false
      result.diagnostics = error.diagnostics.map(Problem.init)
      result.omitted = error.omitted
    }

    private func count(_ number: Int, _ noun: String) -> String {
      "\(Text.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
  }
}
