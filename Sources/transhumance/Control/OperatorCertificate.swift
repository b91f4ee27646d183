import ArgumentParser
import Foundation
import Trust

/// By what an operator is known to a controller elsewhere.
struct OperatorCertificate: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Your certificate (transhumance ca issue operator NAME); with --key and --cacert.", valueName: "file"),
    completion: .file())
  var cert: String?
  @Option(help: ArgumentHelp("Its key.", valueName: "file"), completion: .file())
  var key: String?
  @Option(
    help: ArgumentHelp("The authority's certificate, by which the controller is known.", valueName: "file"),
    completion: .file())
  var cacert: String?
  @Option(
    help: ArgumentHelp(
      "Instead: the folder of all three in credentials.pem (transhumance ca issue --credentials), renewed as it is "
        + "used; ~/.config/transhumance/pki unless given.", valueName: "folder"),
    completion: .directory)
  var certDir: String?

  private var files: [String?] { [cert, key, cacert] }
  var isEmpty: Bool { files.allSatisfy { $0 == nil } && certDir == nil }

  /// Where credentials are.
  enum Source: Hashable, Sendable {
    case folder(String)
    case files(certificate: String, key: String, authority: String)
  }

  var source: Source {
    if let cert, let key, let cacert { return .files(certificate: cert, key: key, authority: cacert) }
    return .folder(certDir ?? Self.usualFolder)
  }

  /// `$XDG_CONFIG_HOME/transhumance/pki`
  private static var usualFolder: String {
    URL(filePath: OperatorContext.path).deletingLastPathComponent().appending(path: "pki").path
  }

  func validate() throws {
    guard files.allSatisfy({ $0 == nil }) || files.allSatisfy({ $0 != nil }) else {
      throw ValidationError("--cert, --key and --cacert belong together.")
    }
    guard cert == nil || certDir == nil else {
      throw ValidationError("--cert-dir and --cert are two ways to name one certificate: give one.")
    }
  }
}
