internal import Model

/// What a document is taken to say at one place, whatever it says there: `site.rennes.price.vmHour=0.2`, for what-if.
///
/// The path begins with what it speaks of, by name: `site.NAME`, `host.NAME`, `link.SITE.SITE`, `egress.SITE.SITE`,
/// `egress.betweenSites`, `owner.NAME`, `cpuModel.NAME` or `links` of a federation; `vm.NAME`, `endpoint.NAME` or
/// `application` of an application. Fields follow, and places in lists from 0: `vm.vm1.disks.0.usedGiB`. The value is
/// YAML; without one the field is left out.
public struct Override: Hashable, Sendable {
  /// As it was given.
  public let text: String
  /// Which kind of document it is of.
  public let kind: DocumentKind
  let subject: Subject
  /// What follows the subject.
  let path: String
  let value: String

  enum Subject: String, CaseIterable {
    case site, host, link, egress, owner, cpuModel, links
    case vm, endpoint, application

    var kind: DocumentKind {
      switch self {
      case .vm, .endpoint, .application: .application
      default: .federation
      }
    }
  }

  /// - Throws: what is wrong with it, and what to do.
  public init(_ text: String) throws(OverrideError) {
    self.text = text
    guard let equals = text.firstIndex(of: "=") else {
      throw OverrideError("\(quoted(text)) has no value: write PATH=VALUE, as site.rennes.price.vmHour=0.2")
    }
    let place = text[..<equals]
    let head = place.prefix { $0 != "." }
    guard let subject = Subject(rawValue: String(head)), head.endIndex < place.endIndex else {
      let words = Subject.allCases.map(\.rawValue).joined(separator: ", ")
      throw OverrideError("\(quoted(String(place))) is no path: it begins with one of \(words), then a point")
    }
    guard place.count(where: { $0 == "." }) <= YAMLComposer.maximumDepth else {
      throw OverrideError(
        "\(quoted(String(place))) is too deep: no document has more than \(YAMLComposer.maximumDepth) levels")
    }
    self.subject = subject
    kind = subject.kind
    path = String(place[place.index(after: head.endIndex)...])
    value = String(text[text.index(after: equals)...])
  }
}

/// Why a text is no override, or can't be applied to a document.
public struct OverrideError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
