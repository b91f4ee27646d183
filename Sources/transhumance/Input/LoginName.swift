import Foundation

/// By whom commands are given, as the services record it.
enum LoginName {
  /// Of whoever has logged in: who became root by sudo is still that person (sudo(8), `SUDO_USER`).
  static var current: String {
    if geteuid() == 0, let name = ProcessInfo.processInfo.environment["SUDO_USER"], !name.isEmpty { return name }
    return NSUserName()
  }
}
