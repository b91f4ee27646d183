import API
import ArgumentParser
import Controller
import Model

/// `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT` on the command line.
struct ListenAddress: Hashable, CustomStringConvertible {
  static let defaultPort = 8080

  var address: IPAddress
  var port: Int

  init(address: IPAddress, port: Int = Self.defaultPort) {
    self.address = address
    self.port = port
  }

  /// - Throws: where the text is none.
  init(reading text: String) throws {
    self = try Self.read(text, defaultPort: Self.defaultPort)
  }

  fileprivate static func read(_ text: String, defaultPort: Int) throws -> ListenAddress {
    guard let address = ListenAddress(text, defaultPort: defaultPort) else {
      throw ValidationError(
        "it is no address:port, as 192.0.2.10, 192.0.2.10:\(defaultPort) or [2001:db8::1]:\(defaultPort).")
    }
    return address
  }

  init?(_ argument: String, defaultPort: Int) {
    if let address = IPAddress(argument) {
      self.init(address: address, port: defaultPort)
      return
    }
    guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else {
      return nil
    }
    var text = argument[..<colon]
    if text.first == "[", text.last == "]" {
      text = text.dropFirst().dropLast()
    } else if text.contains(":") {
      return nil
    }
    guard let address = IPAddress(text) else { return nil }
    self.init(address: address, port: Int(port))
  }

  /// Where hosts join.
  static func joining(reading text: String) throws -> ListenAddress {
    try read(text, defaultPort: ControllerConfiguration.usualJoinPort)
  }

  var description: String { address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

/// The same of an HTTP API.
struct HTTPAddress: Hashable {
  var listening: ListenAddress

  static let loopback = HTTPAddress(
    listening: ListenAddress(address: IPAddress(v4: 0x7f00_0001), port: APIConfiguration.port))

  private init(listening: ListenAddress) { self.listening = listening }

  /// - Throws: where the text is none.
  init(reading text: String) throws {
    listening = try ListenAddress.read(text, defaultPort: APIConfiguration.port)
  }
}

extension IPAddress {
  /// Loopback, or the underlay of a lab.
  var isPlaintextAllowed: Bool {
    switch family {
    case .v4: low >> 24 == 127 || low >> 16 == 10 << 8 | 99
    case .v6: high == 0 && low == 1
    }
  }
}
