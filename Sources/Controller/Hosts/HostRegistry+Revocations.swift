internal import Foundation
package import Trust
internal import SwiftProtobuf
internal import Wire

extension HostRegistry {
  /// Tells all hosts, and those that connect later, whose certificates count for nothing.
  ///
  /// - Parameter serials: all of them.
  package func tell(revoked serials: some Collection<SerialNumber>) {
    guard !serials.isEmpty || revoked != nil else { return }
    // In an order, so that the same is the same.
    let numbers = serials.map { Data($0.bytes) }.sorted { $0.lexicographicallyPrecedes($1) }
    let message = ToHost.with { $0.revoked.serialNumbers = numbers }
    guard message != revoked else { return }
    revoked = message
    for connection in connections.values { connection.send(message) }
  }
}
