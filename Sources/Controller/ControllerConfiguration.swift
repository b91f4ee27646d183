package import Model
package import Trust

/// What a controller is told at its start.
package struct ControllerConfiguration: Sendable {
  /// The federation's document, which operators edit while the controller runs.
  package var federationPath: String
  /// Folder of all that the controller keeps; made where it is missing.
  package var stateDirectory: String
  /// Where hosts connect.
  package var address: IPAddress
  /// 0: any that is free.
  package var port: Int
  /// Where operators of this machine connect.
  package var socketPath: String
  package var decisions = DecisionSettings()
  /// Address of a PostgreSQL database, as `psql` takes it, that several controllers share; nil: SQLite in the state folder.
  package var database: String?
  /// By which hosts are known, and this controller to them; nil: in clear.
  package var authority: AuthorityFolder?
  /// Where hosts join, with an authority; nil: at `address`.
  package var joinAddress: IPAddress?
  /// 0: any that is free.
  package var joinPort = Self.usualJoinPort
  /// Besides `address`, addresses at which it is found, such as an API's: its certificate has them.
  package var otherAddresses: [IPAddress] = []
  /// That many periods are kept; nil: all.
  package var retainedPeriods: Int?
  /// How older periods are added up; the shortest first.
  package var rollUps: [RollUp] = []
  /// Seconds by which a host's clock may differ from the controller's, so that its reports are taken.
  package var clockBound = HostRegistry.defaultClockBound

  package static let usualJoinPort = 8083

  /// - Parameter socketPath: `controller.sock` in the state folder unless given.
  package init(
    federationPath: String, stateDirectory: String, address: IPAddress, port: Int, socketPath: String? = nil
  ) {
    self.federationPath = federationPath
    self.stateDirectory = stateDirectory
    self.address = address
    self.port = port
    self.socketPath = socketPath ?? stateDirectory + "/controller.sock"
  }
}
