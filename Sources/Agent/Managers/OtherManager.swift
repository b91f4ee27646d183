package import Libvirt

/// Who else places and moves VMs, and may start one again elsewhere; the raw value is the name that people read.
///
/// Tools that describe or make VMs and leave them alone afterwards (virt-manager, libosinfo, Terraform) aren't among
/// them.
package enum OtherManager: String, CaseIterable, Hashable, Sendable {
  case nova = "Nova"
  case oVirt
  case kubeVirt = "KubeVirt"
  case openNebula = "OpenNebula"
  case pacemaker = "Pacemaker"
  case proxmox = "Proxmox VE"
  case proxmoxHA = "Proxmox HA"
  case ganeti = "Ganeti"
}

extension OtherManager {
  /// As a domain's description tells; nil: it tells of none.
  ///
  /// - Nova: `nova:instance` in its namespace, 1.0 or (from 2021) 1.1 (`NOVA_NS` in nova/virt/libvirt/config.py). Older
  ///   ones only have SMBIOS: `get_guest_config_sysinfo` in nova/virt/libvirt/driver.py takes the product from
  ///   nova/version.py ("OpenStack Nova") or a distribution's release file ("OpenStack Compute").
  /// - oVirt, RHV: elements in `http://ovirt.org/vm/1.0`, before 4.2 in `http://ovirt.org/vm/tune/1.0`
  ///   (vdsm, lib/vdsm/virt/xmlconstants.py).
  /// - KubeVirt: `kubevirt` in `http://kubevirt.io` (pkg/virt-launcher/virtwrap/api/schema.go); SMBIOS with the
  ///   manufacturer "KubeVirt" unless its cluster is set otherwise (pkg/virt-config/virt-config.go).
  /// - OpenNebula: `one:vm` in its namespace (src/vmm/LibVirtDriverKVM.cc).
  package init?(of description: XMLElement) {
    let namespaces = description.metadataNamespaces
    func has(_ prefix: String) -> Bool { namespaces.contains { $0.hasPrefix(prefix) } }
    let system = description.children(named: "sysinfo").flatMap { $0.children(named: "system") }
    func entry(_ name: String) -> String? {
      system.lazy.flatMap { $0.children(named: "entry") }.first { $0.attributes["name"] == name }?.text
    }
    if has("http://openstack.org/xmlns/libvirt/nova/") {
      self = .nova
    } else if has("http://ovirt.org/vm/") {
      self = .oVirt
    } else if namespaces.contains("http://kubevirt.io") || entry("manufacturer") == "KubeVirt" {
      self = .kubeVirt
    } else if has("http://opennebula.org/xmlns/libvirt/") {
      self = .openNebula
    } else if let product = entry("product"), ["OpenStack Nova", "OpenStack Compute"].contains(product) {
      self = .nova
    } else {
      return nil
    }
  }

  /// Domains that Pacemaker has as resources, by the names of files in the resource agents' folder.
  ///
  /// ocf:heartbeat:VirtualDomain writes `VirtualDomain-NAME-emu.state` with each start, arrival and check of the domain
  /// (`EMULATOR_STATE` in heartbeat/VirtualDomain of ClusterLabs/resource-agents). The file stays until the machine
  /// starts anew, also once the resource is none any more.
  package static func domains(ofPacemaker files: [String]) -> Set<String> {
    let (prefix, suffix) = ("VirtualDomain-", "-emu.state")
    return Set(
      files.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) && $0.count > prefix.count + suffix.count }
        .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) })
  }

  /// VMs that Proxmox HA has as resources, by their numbers.
  ///
  /// A section of `/etc/pve/ha/resources.cfg` begins `vm: 100`, its properties are indented; one whose `state` is
  /// `ignored` is left alone (src/PVE/HA/Resources.pm of pve-ha-manager).
  package static func numbers(ofProxmoxHA resources: String) -> Set<String> {
    var numbers: Set<String> = []
    var section: String?
    for line in resources.split(whereSeparator: \.isNewline) {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if line.first == " " || line.first == "\t" {
        if fields == ["state", "ignored"], let section { numbers.remove(section) }
      } else {
        section = fields.count == 2 && fields[0].lowercased() == "vm:" ? String(fields[1]) : nil
        if let section { numbers.insert(section) }
      }
    }
    return numbers
  }
}
