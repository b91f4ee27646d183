/// Where a move is, by the names that operators see. From `reserved` to `networkUpdated` they are the six steps of a
/// live migration between sites.
public enum MoveStep: String, Codable, Hashable, Sendable, CaseIterable {
  case approved
  /// The destination holds room, name and network for the VM.
  case reserved
  /// Memory is being copied while the VM runs.
  case copying
  /// The VM stands still at the source, its last pages on their way.
  case stopped
  /// The destination has taken the VM's addresses over: frames go there.
  case redirected
  /// The VM runs at the destination.
  case active
  /// Every host that answers sends the VM's frames straight to the destination.
  case networkUpdated
  /// Nothing of the VM is left at the source.
  case done

  /// What the step is called in the literature; nil outside the six.
  public var phase: String? {
    switch self {
    case .approved, .done: nil
    case .reserved: "reservation"
    case .copying: "iterative copy"
    case .stopped: "stop and copy"
    case .redirected: "redirection"
    case .active: "activation"
    case .networkUpdated: "network update"
    }
  }
}

/// How a move ended. Only after `done` is the VM at the destination.
public enum MoveResult: String, Codable, Hashable, Sendable, CaseIterable {
  case done
  /// By the operator, before the VM stood still.
  case cancelled
  /// After the VM had stood still: it runs on at the source, with a new epoch.
  case rolledBack
  /// It runs on at the source untouched, or is lost (the reason says so).
  case failed
}
