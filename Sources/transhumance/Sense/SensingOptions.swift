import Agent
import ArgumentParser
import Linux
import Model
import Moves

/// What is sensed besides the VMs that the agent knows.
struct SensingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "An interface behind which there is one machine, as a tap or a veth, and its name.",
      valueName: "interface[=name]"))
  var interface: [NamedText] = []

  @Option(
    help: ArgumentHelp("The Ethernet address of a VM here, and its name.", valueName: "mac[=name]"))
  var mac: [NamedText] = []

  @Option(
    help: ArgumentHelp(
      "The address of what is no VM and counts for itself however many others there are, and its name.",
      valueName: "address[=name]"))
  var fileServer: [NamedText] = []

  /// `TEXT` or `TEXT=NAME`.
  struct NamedText: ExpressibleByArgument {
    var text: String
    var name: String?

    init?(argument: String) {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
      (text, name) = (parts[0], parts.count == 2 ? parts[1] : nil)
    }
  }

  func validate() throws {
    for option in mac where MACAddress(option.text).map(\.isMulticast) ?? true {
      throw ValidationError("--mac \(option.text): not the Ethernet address of a machine, as in 52:54:00:00:01:01")
    }
    for option in fileServer where IPAddress(option.text).map({ !Endpoint.address($0).canBeOneMachine }) ?? true {
      throw ValidationError("--file-server \(option.text): not the IP address of a machine")
    }
    let given = (interface + mac).map(\.text)
    if let twice = given.first(where: { text in given.count(where: { $0 == text }) > 1 }) {
      throw ValidationError("\(twice) is given twice")
    }
  }

  /// Names of the fixed endpoints; without one the address is.
  var fixedEndpoints: [IPAddress: String] {
    var named: [IPAddress: String] = [:]
    for option in fileServer {
      if let address = IPAddress(option.text) { named[address] = option.name ?? address.description }
    }
    return named
  }

  var isEmpty: Bool { interface.isEmpty && mac.isEmpty && fileServer.isEmpty }

  /// - Parameter mustExist: whether interfaces have to be there by now.
  /// - Throws: where one isn't, or no tap of an Ethernet address.
  func taps(mustExist: Bool = true) throws -> [SensedTap] {
    var taps: [SensedTap] = []
    for option in interface {
      guard !mustExist || NetworkInterfaces.index(of: option.text) != nil else {
        throw CommandFailure(
          message: "there is no interface \(option.text); `ip link` lists those of this network namespace")
      }
      taps.append(SensedTap(interface: option.text, vm: option.name ?? option.text, mac: nil, network: ""))
    }
    guard !mac.isEmpty else { return taps }
    let links = try NetlinkClient().links()
    for option in mac {
      guard let mac = MACAddress(option.text) else { continue }
      // A tap of ours has the VM's address in its name; one of libvirt's own has it with fe as first octet.
      let ofLibvirt = MACAddress(0xfe00_0000_0000 | mac.number & 0xff_ffff_ffff)
      guard let link = links.first(where: { $0.name == FabricNames.tap(mac) || $0.mac == ofLibvirt }) else {
        throw CommandFailure(message: "no tap of a VM with the Ethernet address \(mac) is in this network namespace")
      }
      taps.append(SensedTap(interface: link.name, vm: option.name ?? mac.description, mac: mac, network: ""))
    }
    return taps
  }
}
