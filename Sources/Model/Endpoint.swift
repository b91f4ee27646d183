/// One end of a row of a traffic matrix: a VM (or other machine) by name, or an address that has no name yet.
///
/// Ordered: addresses before names; addresses by number (IPv4 before IPv6), names by their Unicode scalars.
public enum Endpoint: Hashable, Sendable {
  case address(IPAddress)
  case name(String)

  /// Text that reads as an address is one; any other is a name.
  public init(_ text: String) {
    self = IPAddress(text).map(Endpoint.address) ?? .name(text)
  }
}

extension Endpoint: Comparable {
  /// Addresses before names.
  public static func < (left: Endpoint, right: Endpoint) -> Bool {
    switch (left, right) {
    case (.address(let left), .address(let right)): left < right
    case (.address, .name): true
    case (.name, .address): false
    case (.name(let left), .name(let right)): left < right
    }
  }
}

extension Endpoint: CustomStringConvertible {
  /// As a matrix has it.
  public var description: String {
    switch self {
    case .address(let address): address.description
    case .name(let name): name
    }
  }
}
