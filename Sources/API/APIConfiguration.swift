package import Model
package import Trust

/// Where the API listens, and who may use it.
package struct APIConfiguration: Sendable {
  package static let port = 8081

  package var address: IPAddress
  /// 0: any that is free.
  package var port: Int
  /// Whose tokens let callers in; nil: anybody who can connect may look, and nobody act.
  package var authority: AuthorityFolder?
  package var limits = APILimits()

  package init(address: IPAddress, port: Int = Self.port, authority: AuthorityFolder?) {
    (self.address, self.port, self.authority) = (address, port, authority)
  }
}
