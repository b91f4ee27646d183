/// Whoever wants to know how far the lab is.
package protocol LabProgress: Sendable {
  /// What is being done from now on: `starting 8 guests`.
  func step(_ text: String)
  /// How much of it: `5 of 8`.
  func detail(_ text: String)
}
