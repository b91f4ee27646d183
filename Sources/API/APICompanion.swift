package import Controller
package import Logging
internal import ServiceLifecycle

/// Serves the API whenever the controller leads.
package struct APICompanion: ControllerCompanion {
  private let configuration: APIConfiguration
  private let isOptional: Bool
  private let logger: Logger

  /// - Parameter isOptional: where it can't listen now, the controller does without, and it is tried again.
  package init(_ configuration: APIConfiguration, isOptional: Bool, logger: Logger) {
    (self.configuration, self.isOptional, self.logger) = (configuration, isOptional, logger)
  }

  package func run(beside controller: LeadingController) async throws {
    var told: String?
    while !Task.isShuttingDownGracefully {
      do {
        try await APIService(configuration, controller: controller, trust: controller.trust, logger: logger).run()
      } catch let error as APIService.ListenError {
        guard isOptional else { throw ControllerError("the API \(error)") }
        if told != "\(error)" { logger.warning("the API \(error); it is tried again (--http says another address)") }
        told = "\(error)"
      } catch {
        try Task.checkCancellation()
        logger.error("the API ended, and is started again: \(error)")
      }
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(2)) }
      try Task.checkCancellation()
    }
    // The controller ends when all of it has: not before those who look on have been told.
    try await Task.sleep(for: .seconds(1_000_000_000))
  }
}
