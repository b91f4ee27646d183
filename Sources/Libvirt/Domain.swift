import CLibvirt
import Glibc

/// A virtual machine as one libvirtd knows it. Calls block as the connection's do; each asks for the domain as it is
/// then, and fails with `.noDomain` once it is gone.
@safe
package final class Domain: Sendable {
  package let connection: Connection
  package let identity: DomainIdentity
  /// Only inside `call`.
  nonisolated(unsafe) let pointer: OpaquePointer

  /// Takes over the reference that a libvirt call returned.
  init(owning pointer: OpaquePointer, of connection: Connection) {
    self.connection = connection
    unsafe self.pointer = pointer
    unsafe self.identity = DomainIdentity(pointer: pointer) ?? DomainIdentity(name: "", uuid: "")
  }

  deinit { unsafe virDomainFree(pointer) }

  package var name: String { identity.name }
  package var uuid: String { identity.uuid }

  /// Which description of a domain is wanted.
  package enum Description: Sendable {
    /// Of what runs; of what doesn't run, the stored one.
    case live
    /// What the next start would take.
    case inactive
    /// What may be edited and handed to a migration as the destination's description.
    case migratable
  }

  package func xml(_ description: Description = .live) throws(LibvirtError) -> String {
    let flags: UInt32 =
      switch description {
      case .live: 0
      case .inactive: UInt32(VIR_DOMAIN_XML_INACTIVE.rawValue)
      case .migratable: UInt32(VIR_DOMAIN_XML_MIGRATABLE.rawValue)
      }
    return try unsafe call { (domain) throws(LibvirtError) in
      try unsafe string(owning: virDomainGetXMLDesc(domain, flags), "reading the description of \(name)")
    }
  }

  /// Runs calls that libvirtd answers by itself.
  func call<Value>(_ body: (OpaquePointer) throws(LibvirtError) -> Value) throws(LibvirtError) -> Value {
    try unsafe connection.session.call { (_) throws(LibvirtError) in try unsafe body(pointer) }
  }

  /// Runs calls for which libvirtd asks QEMU, which can keep it waiting.
  func apart<Value>(_ body: (OpaquePointer) throws(LibvirtError) -> Value) throws(LibvirtError) -> Value {
    try unsafe connection.apart { (connection) throws(LibvirtError) in
      guard let domain = unsafe virDomainLookupByUUIDString(connection, uuid) else { throw .last("looking up \(name)") }
      defer { unsafe virDomainFree(domain) }
      return try unsafe body(domain)
    }
  }
}

/// A string that libvirt allocated for the caller, or the error in its place.
func string(
  owning text: UnsafeMutablePointer<CChar>?, _ operation: @autoclosure () -> String
) throws(LibvirtError) -> String {
  guard let text = unsafe text else { throw .last(operation()) }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}
