/// What runs beside a controller in its process while it leads, such as an API.
package protocol ControllerCompanion: Sendable {
  /// Until cancelled; returning earlier ends the controller.
  ///
  /// - Throws: what the controller can't run without; it ends then.
  func run(beside controller: LeadingController) async throws
}
