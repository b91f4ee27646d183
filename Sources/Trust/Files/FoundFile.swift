/// A file as it is found.
package enum FoundFile: Sendable {
  case absent
  /// Why, with its path; and whether that may pass while the file stays as it is, as where too many files are open.
  case unreadable(String, mayPass: Bool)
  case bytes([UInt8])

  package init(_ path: String) {
    do throws(TrustError) {
      self = .bytes(try PrivateFile.read(path, limit: 64 << 20))
    } catch {
      self = error.code == .missing ? .absent : .unreadable(error.description, mayPass: error.code == .file)
    }
  }

  var mayPass: Bool { if case .unreadable(_, mayPass: true) = self { true } else { false } }
}
