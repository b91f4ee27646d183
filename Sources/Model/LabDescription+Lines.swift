/// What a line between two sites of a lab can be: its packets are held in memory for as long as they are on the way.
extension LabDescription {
  /// One way, milliseconds: up to a minute.
  public static let latenciesMs: ClosedRange<Double> = 0...60_000
  /// 10⁶ bits per second of IP packets, where it isn't unlimited.
  public static let bandwidthsMbps: ClosedRange<Double> = 0.001...1_000_000
}
