import Foundation

/// Where the files of the running lab are. There is one lab per machine, and all of it is below this folder.
package struct LabFolder: Hashable, Sendable {
  /// That of every lab.
  package static let standard = LabFolder(path: "/run/transhumance/lab")

  /// Absolute.
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// The lab file, word for word.
  package var document: String { path + "/lab.yaml" }
  /// Sites, hosts and links as the controller's own document, which an operator may edit while the lab is up.
  package var federation: String { path + "/federation.yaml" }
  /// How long the agents' periods are, seconds.
  var period: String { path + "/period" }
  /// What the controller keeps.
  var controller: String { path + "/controller" }
  /// Where the controller takes commands.
  package var controllerSocket: String { controller + "/controller.sock" }
  /// What the WAN's relay is told.
  package var wanConfiguration: String { path + "/wan.json" }
  /// Root file system of the guests.
  package var initramfs: String { path + "/initramfs" }
  /// Whether guests have KVM.
  var acceleration: String { path + "/acceleration" }
  /// What the lab's own processes say.
  package var log: String { path + "/lab.log" }
  /// Made when all namespaces are there and their services run.
  package var ready: String { path + "/ready" }
  /// Made with the reason where they can't be.
  package var failure: String { path + "/failure" }

  /// A host's agent keeps its journal, socket and log here.
  package func host(_ name: String) -> String { path + "/hosts/" + name }
  /// Where the host's agent takes commands.
  package func agentSocket(of host: String) -> String { self.host(host) + "/agent.sock" }
  /// The authority of a lab with certificates.
  package var authority: String { path + "/pki" }
  /// What its hosts know others by.
  package var authorities: String { authority + "/ca.crt" }
  package func certificate(of host: String) -> String { self.host(host) + "/host.crt" }
  package func key(of host: String) -> String { self.host(host) + "/host.key" }
  /// What a guest has printed.
  package func console(of guest: String) -> String { path + "/console/\(guest).log" }
  func domain(of guest: String) -> String { path + "/domains/\(guest).xml" }

  package var exists: Bool { FileManager.default.fileExists(atPath: path) }

  func create(for hosts: [String]) throws(LabError) {
    do {
      let folders = [path, path + "/console", path + "/domains", path + "/wiring", controller] + hosts.map(host)
      for folder in folders {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw LabError("the folder \(path) can't be made: \(error.localizedDescription)")
    }
  }

  func write(_ text: String, to file: String) throws(LabError) {
    do { try Data(text.utf8).write(to: URL(filePath: file)) } catch {
      throw LabError("\(file) can't be written: \(error.localizedDescription)")
    }
  }

  /// Removes the folder, and its parent if nothing else is there.
  func remove() throws(LabError) {
    do {
      if exists { try FileManager.default.removeItem(atPath: path) }
    } catch {
      throw LabError("\(path) can't be removed: \(error.localizedDescription)")
    }
    unsafe rmdir((path as NSString).deletingLastPathComponent)
  }
}
