import CLibvirt
import Glibc

extension Connection {
  /// All domains: running, paused, and defined but shut off.
  package func domains() throws(LibvirtError) -> [Domain] {
    try unsafe session.call { (pointer) throws(LibvirtError) in
      var list: UnsafeMutablePointer<virDomainPtr?>?
      let count = try check(unsafe virConnectListAllDomains(pointer, &list, 0), "listing the domains of \(uri)")
      guard let list = unsafe list else { return [] }
      // The array is ours to free, each handle goes to its Domain.
      defer { unsafe free(list) }
      return (0..<Int(count)).compactMap { index in
        unsafe list[index].map { unsafe Domain(owning: $0, of: self) }
      }
    }
  }

  /// The domain of that name, nil if there is none.
  package func domain(named name: String) throws(LibvirtError) -> Domain? {
    try unsafe session.call { (pointer) throws(LibvirtError) in
      try unsafe found(virDomainLookupByName(pointer, name), "looking up \(name)")
    }
  }

  package func domain(uuid: String) throws(LibvirtError) -> Domain? {
    try unsafe session.call { (pointer) throws(LibvirtError) in
      try unsafe found(virDomainLookupByUUIDString(pointer, uuid), "looking up \(uuid)")
    }
  }

  /// Stores a description, or replaces the one of the same name and UUID; starts nothing.
  package func define(xml: String) throws(LibvirtError) -> Domain {
    try unsafe session.call { (pointer) throws(LibvirtError) in
      guard let domain = unsafe virDomainDefineXMLFlags(pointer, xml, 0) else { throw .last("defining a domain") }
      return unsafe Domain(owning: domain, of: self)
    }
  }

  /// Starts a domain that is forgotten when it ends (transient).
  package func create(xml: String, paused: Bool = false) throws(LibvirtError) -> Domain {
    let identity = try unsafe apart { (pointer) throws(LibvirtError) in
      guard let domain = unsafe virDomainCreateXML(pointer, xml, Self.createFlags(paused: paused)) else {
        throw .last("starting a domain")
      }
      defer { unsafe virDomainFree(domain) }
      return unsafe DomainIdentity(pointer: domain)
    }
    guard let identity, let domain = try domain(uuid: identity.uuid) else {
      throw LibvirtError(
        code: .noDomain, message: "it ended as soon as it had started",
        operation: "starting \(identity?.name ?? "a domain")")
    }
    return domain
  }

  static func createFlags(paused: Bool) -> UInt32 { paused ? UInt32(VIR_DOMAIN_START_PAUSED.rawValue) : 0 }

  private func found(_ domain: OpaquePointer?, _ operation: String) throws(LibvirtError) -> Domain? {
    if let domain = unsafe domain { return unsafe Domain(owning: domain, of: self) }
    let error = LibvirtError.last(operation)
    guard error.code == .noDomain else { throw error }
    return nil
  }
}
