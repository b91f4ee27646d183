/// What a sensor knows of a VM of its host, besides its traffic.
public struct SensedVM: Hashable, Sendable {
  public var name: String
  /// Frames that the tap dropped after they were counted, since the VM didn't take them.
  public var tapDropped: UInt64
  /// Frames that left the VM with a source MAC address not its own.
  public var spoofed: UInt64
  /// Time that its vCPUs ran in the period, seconds; nil: not known.
  public var cpuSeconds: Double?
  public var vcpus: Int
  /// Bytes.
  public var memory: UInt64
  /// Why its traffic can't be counted, as where it has an interface that no tap shows; nil: it is.
  public var unknown: String?

  public init(
    name: String, tapDropped: UInt64 = 0, spoofed: UInt64 = 0, cpuSeconds: Double? = nil, vcpus: Int = 0,
    memory: UInt64 = 0, unknown: String? = nil
  ) {
    self.name = name
    self.tapDropped = tapDropped
    self.spoofed = spoofed
    self.cpuSeconds = cpuSeconds
    self.vcpus = vcpus
    self.memory = memory
    self.unknown = unknown
  }
}
