import Foundation
import Linux
import Model
import Trust

/// How this machine is called, and where it is reached.
struct MachineNames {
  /// Without a domain.
  var short: String
  /// Its names and addresses but those of loopback; a controller gives those for which it sees a reason.
  var names: [SubjectName]

  init() {
    let name = ProcessInfo.processInfo.hostName
    short = String(name.prefix { $0 != "." })
    let client = try? NetlinkClient()
    let addresses = [IPAddress.Family.v4, .v6].flatMap { family in
      ((try? client?.addresses(family)) ?? []).map(\.address)
    }
    names =
      [SubjectName(name)].compactMap(\.self) + addresses.filter { !$0.isLocal }.prefix(32).map(SubjectName.address)
  }
}

extension IPAddress {
  /// Of loopback, or of one link (RFC 4291 §2.5.6).
  fileprivate var isLocal: Bool {
    switch family {
    case .v4: low >> 24 == 127
    case .v6: (high == 0 && low == 1) || high >> 54 == 0xfe80 >> 6
    }
  }
}
