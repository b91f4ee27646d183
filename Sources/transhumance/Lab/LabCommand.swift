import ArgumentParser

/// `transhumance lab`: a federation on one machine.
struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "A federation on this machine alone: sites, hosts, guests and the network between them.",
    discussion: """
      Each host is a set of namespaces with a libvirtd and an agent of its \
      own, each guest a real virtual machine, and the sites are joined by a \
      network as slow as the lab file says. Needs root, QEMU and libvirt; \
      nothing outside its own namespaces changes, and `down` leaves nothing.

      Examples:
        transhumance lab up
        transhumance lab status
        transhumance lab exec a1 -- virsh list
        transhumance lab console vm1
        transhumance lab wan slow a b --latency 20
        transhumance lab down
      """,
    subcommands: [LabUp.self, LabDown.self, LabShow.self, LabExec.self, LabConsole.self, LabPhase.self, LabWAN.self])
}
