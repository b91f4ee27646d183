/// What a host's fabric depends on besides the map: which VMs are about to come, about to leave, or have just left.
public struct LocalPhases: Hashable, Sendable {
  public enum Phase: Hashable, Sendable {
    /// Its tap is there and fenced until the map names this host.
    case incoming
    /// Its tap is there and fenced, whatever the map says.
    case fenced
  }

  /// By the name of the VM. A VM that isn't here has an open tap where the map names this host, otherwise none.
  public private(set) var phases: [String: Phase] = [:]
  /// VMs that have just left: frames that still come for them are sent after them.
  public private(set) var departed: Set<String> = []

  public init() {}

  /// A VM is to come. From here on nothing is sent after VMs that have left, so that no frame can go in a circle
  /// between two hosts of which each believes the VM to be at the other (frames have no hop limit).
  public mutating func stage(_ vm: String) {
    phases[vm] = .incoming
    departed = []
  }

  /// Fences the tap of a VM of this host until `clear`.
  public mutating func fence(_ vm: String) {
    phases[vm] = .fenced
  }

  /// Nothing particular any more: the map alone says whether the tap is open or gone.
  public mutating func clear(_ vm: String) {
    phases[vm] = nil
  }

  /// Sends late frames after a VM that has just left, until `endForwarding`: a few seconds. Does nothing while
  /// another VM is staged here.
  public mutating func forwardLateFrames(of vm: String) {
    if !phases.values.contains(.incoming) { departed.insert(vm) }
  }

  public mutating func endForwarding(of vm: String) {
    departed.remove(vm)
  }
}
