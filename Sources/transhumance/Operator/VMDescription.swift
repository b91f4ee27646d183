import Model
import Wire

struct VMDescription: Description {
  struct Interface: Encodable {
    var network: String
    var mac: String
    var addresses: [String]
  }

  let vm: VMList.Document
  let interfaces: [Interface]
  let moves: MoveList

  init?(of name: String, in reply: ListReply) {
    guard let row = VMList(reply).rows.first(where: { $0.name == name }),
      let entry = reply.map.entries.first(where: { $0.vm == name })
    else { return nil }
    vm = row.document
    interfaces = entry.interfaces.map { interface in
      Interface(
        network: interface.network, mac: MACAddress(interface.mac).description,
        addresses: interface.addresses.compactMap { IPAddress(octets: $0)?.description })
    }
    moves = MoveList(reply) { $0.vm == name }
  }

  var text: String {
    let lines = [
      ("Name", vm.name), ("State", vm.state), ("Host", "\(vm.host) (site \(vm.site))"),
      ("vCPUs", vm.vcpus.map(String.init) ?? "–"), ("Memory", vm.memoryMiB.map { Text.bytes($0 * 0x1p20) } ?? "–"),
      ("Epoch", String(vm.epoch)),
      ("Manager", vm.managedBy.map { "\($0): it is planned around, not moved" } ?? "no other"),
    ]
    let networks = interfaces.map {
      ("Interface", "\($0.network)  \($0.mac)  \($0.addresses.joined(separator: " "))")
    }
    return Self.text(lines + networks) + Self.text(moves)
  }

  func encode(to encoder: any Encoder) throws {
    try vm.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(interfaces, forKey: .interfaces)
    try container.encode(moves.rows.map(\.document), forKey: .moves)
  }

  private enum CodingKeys: String, CodingKey { case interfaces, moves }
}
