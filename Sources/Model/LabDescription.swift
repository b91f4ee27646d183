/// A federation made real on one machine: sites of namespaces, hosts with a hypervisor each, guests and other machines.
public struct LabDescription: Hashable, Sendable {
  public var federation: Federation
  /// Plain VXLAN between sites; otherwise an encrypted underlay is required.
  public var plaintext: Bool
  public var networks: [VirtualNetwork]
  public var guests: [Guest]
  public var machines: [Machine]
  public var security: Security

  /// How the controller, agents and hypervisors speak to one another; guests' frames go as `plaintext` says.
  public enum Security: String, CaseIterable, Hashable, Sendable {
    case clear = "none"
    /// With TLS, by certificates of an authority that is the lab's own.
    case tls
  }

  public init(
    federation: Federation, plaintext: Bool = false, networks: [VirtualNetwork], guests: [Guest],
    machines: [Machine] = [], security: Security = .clear
  ) {
    self.federation = federation
    self.plaintext = plaintext
    self.networks = networks
    self.guests = guests
    self.machines = machines
    self.security = security
  }

  /// A virtual machine of the lab. The domain's name is the VM's.
  public struct Guest: Hashable, Sendable {
    public var name: String
    /// Where it starts.
    public var host: String
    public var interfaces: [Interface]
    public var memoryMiB: Int
    public var vcpus: Int
    /// Nil: the guest only answers.
    public var workload: Workload?

    public init(
      name: String, host: String, interfaces: [Interface], memoryMiB: Int = 96, vcpus: Int = 1,
      workload: Workload? = nil
    ) {
      self.name = name
      self.host = host
      self.interfaces = interfaces
      self.memoryMiB = memoryMiB
      self.vcpus = vcpus
      self.workload = workload
    }
  }

  /// One network card of a guest; a guest with two forwards between them (a router VM).
  public struct Interface: Hashable, Sendable {
    /// Name of the virtual network.
    public var network: String
    public var mac: MACAddress
    public var addresses: [IPAddress]

    public init(network: String, mac: MACAddress, addresses: [IPAddress]) {
      self.network = network
      self.mac = mac
      self.addresses = addresses
    }
  }

  /// What a guest's program does: in each iteration `exchanges` messages with each neighbour in its group's ring,
  /// `requests` from every second one to the next in it that wait for an answer, work, pause.
  public struct Workload: Hashable, Sendable {
    /// Guests of one group talk to each other.
    public var group: Int
    public var messageBytes: Int
    public var exchanges: Int
    public var requests: Int
    /// Steps of computation an iteration.
    public var work: Int
    public var pauseMs: Double
    /// What it does in the second phase, the third and so on, once it is told; these have none of their own.
    public var phases: [Workload]

    public init(
      group: Int, messageBytes: Int = 14_000, exchanges: Int = 20, requests: Int = 0, work: Int = 100_000,
      pauseMs: Double = 20, phases: [Workload] = []
    ) {
      self.group = group
      self.messageBytes = messageBytes
      self.exchanges = exchanges
      self.requests = requests
      self.work = work
      self.pauseMs = pauseMs
      self.phases = phases
    }

    /// The first phase is number 1; nil: it rests then.
    public func phase(_ number: Int) -> Workload? {
      number == 1 ? self : phases.indices.contains(number - 2) ? phases[number - 2] : nil
    }
  }

  /// A plain namespace: an external user, or the holder of an address that a guest has too.
  public struct Machine: Hashable, Sendable {
    public var name: String
    public var site: String
    public var address: IPAddress
    /// Nil: the kernel's choice.
    public var mac: MACAddress?
    /// On the site's own LAN beside its hosts; otherwise behind the site's router.
    public var isOnLAN: Bool

    public init(name: String, site: String, address: IPAddress, mac: MACAddress? = nil, isOnLAN: Bool = false) {
      self.name = name
      self.site = site
      self.address = address
      self.mac = mac
      self.isOnLAN = isOnLAN
    }
  }
}
