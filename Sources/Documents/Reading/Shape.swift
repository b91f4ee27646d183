/// The fields that a kind of object has. Their names here, in the JSON Schemas and in the format's description are the
/// same.
package struct Shape: Hashable, Sendable {
  /// What a person calls such an object: `a site`.
  package let name: String
  /// Where objects of this shape stand, as a JSON Schema pointer: `#/$defs/site`, or `#` for the whole document.
  package let pointer: String
  package let required: [String]
  package let optional: [String]

  /// All fields, those that must be there first.
  package var fields: [String] { required + optional }

  init(_ name: String, _ pointer: String, required: [String] = [], optional: [String] = []) {
    self.name = name
    self.pointer = pointer
    self.required = required
    self.optional = optional
  }
}

extension Shape {
  static let federation = Shape(
    "a federation", "#", required: ["sites", "links"], optional: ["egress", "cpuModels", "owners"])
  static let site = Shape(
    "a site", "#/$defs/site", required: ["name"],
    optional: [
      "kind", "availableUntil", "windows", "quota", "price", "jurisdictions", "headroom", "drain", "hosts",
    ])
  static let window = Shape("a window", "#/$defs/window", optional: ["from", "until"])
  static let quota = Shape("a quota", "#/$defs/quota", optional: ["vcpus", "memoryGiB", "vcpuHours", "vms"])
  static let price = Shape("a price", "#/$defs/price", optional: ["vmHour", "vcpuHour", "memoryGiBHour"])
  static let host = Shape(
    "a host", "#/$defs/host", required: ["name"],
    optional: ["vcpus", "memoryGiB", "speed", "watts", "headroom", "drain", "cpuModel", "qemuVersion"])
  static let links = Shape(
    "links", "#/$defs/links", optional: ["sameHost", "sameSite", "betweenSites", "pairs"])
  static let link = Shape("a link", "#/$defs/link", optional: ["latencyMs", "bandwidthMbps"])
  static let linkPair = Shape(
    "a pair of sites", "#/$defs/linkPair", required: ["between"], optional: ["latencyMs", "bandwidthMbps"])
  static let egress = Shape("egress", "#/$defs/egress", optional: ["betweenSites", "pairs"])
  static let egressPair = Shape(
    "a pair of sites", "#/$defs/egressPair", required: ["from", "to", "perGB"])
  static let cpuModel = Shape("a CPU model", "#/$defs/cpuModel", required: ["name", "runs"])
  static let owner = Shape("an owner", "#/$defs/owner", required: ["name", "shares"])

  /// The shapes of `federation.yaml`.
  package static let ofFederation = [
    federation, site, window, quota, price, host, links, link, linkPair, egress, egressPair, cpuModel, owner,
  ]
}

extension Shape {
  static let application = Shape(
    "an application", "#", required: ["name", "vms"],
    optional: [
      "objective", "coupling", "remainingHours", "run", "waitFactor", "deadline", "budget", "minimumGain",
      "slowdownLimit", "endpoints", "constraints", "mode", "owner",
    ])
  static let run = Shape(
    "a run", "#/$defs/run", optional: ["started", "earlierHours", "totalMessages", "sentMessages", "jobEnds"])
  static let vm = Shape(
    "a VM", "#/$defs/vm", required: ["name"],
    optional: [
      "addresses", "vcpus", "memoryGiB", "cpu", "dirtyMiBps", "host", "disks", "template", "cpuModel", "managedBy",
    ])
  static let disk = Shape(
    "a disk", "#/$defs/disk", required: ["GiB"], optional: ["usedGiB", "writeMiBps", "shared"])
  static let endpoint = Shape(
    "an endpoint", "#/$defs/endpoint", required: ["name", "site"], optional: ["addresses"])
  static let pin = Shape("a pin", "#/$defs/pin", required: ["pin", "sites"])
  static let ban = Shape("a ban", "#/$defs/ban", required: ["ban", "sites"])
  static let together = Shape("VMs to keep together", "#/$defs/together", required: ["together"])
  static let apart = Shape("VMs to keep apart", "#/$defs/apart", required: ["apart"])
  static let spread = Shape("VMs to spread", "#/$defs/spread", required: ["spread", "maximumPerSite"])
  static let residency = Shape("a residency", "#/$defs/residency", required: ["residency", "jurisdictions"])

  /// The kinds of constraint, each known by its first field.
  static let constraints = [pin, ban, together, apart, spread, residency]

  /// The shapes of `application.yaml`.
  package static let ofApplication = [application, run, vm, disk, endpoint] + constraints
}

extension Shape {
  static let lab = Shape(
    "a lab", "#", required: federation.required,
    optional: federation.optional + ["networks", "guests", "machines", "security"])
  /// What a lab has at the top and a federation hasn't.
  static let labOnly = Set(lab.fields).subtracting(federation.fields)
  static let labLinks = Shape(
    "links", "#/$defs/links", required: ["plaintext"], optional: links.optional)
  static let network = Shape(
    "a virtual network", "#/$defs/network", required: ["name", "subnet"], optional: ["gateway"])
  static let guest = Shape(
    "a guest", "#/$defs/guest", required: ["name", "host"],
    optional: ["network", "address", "interfaces", "memoryMiB", "vcpus", "workload"])
  static let interface = Shape(
    "an interface", "#/$defs/interface", required: ["network"], optional: ["address"])
  static let workload = Shape(
    "a workload", "#/$defs/workload", required: ["group"],
    optional: ["messageBytes", "exchanges", "requests", "work", "pauseMs", "phases"])
  static let phase = Shape(
    "a phase", "#/$defs/phase", optional: ["group", "messageBytes", "exchanges", "requests", "work", "pauseMs"])
  static let machine = Shape(
    "a machine", "#/$defs/machine", required: ["name", "site", "address"], optional: ["mac", "lan"])

  /// The shapes of `lab.yaml`.
  package static let ofLab =
    [lab, labLinks] + ofFederation.filter { $0 != federation && $0 != links }
    + [network, guest, interface, workload, phase, machine]
}
