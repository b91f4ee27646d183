import Foundation
import Testing

extension SystemTests {
  /// What `get applications --format json` prints.
  private struct Applications: Decodable {
    struct Application: Decodable {
      var name: String
      /// Empty: not known.
      var hosts: [String: String]
    }
    var applications: [Application]
  }

  /// Two VMs that run nowhere are placed, started from their templates and boot; told again, nothing changes.
  func expectFirstPlacement(_ lab: SmallLab) async throws {
    let vms = [("vm3", 0x21), ("vm4", 0x22)]
    for (vm, number) in vms {
      let template = try Self.template(of: vm, number: number)
      try Data(template.utf8).write(to: lab.folder.appending(path: "\(vm).xml"))
    }
    let document = lab.folder.appending(path: "pair.yaml")
    let text = """
      name: pair
      vms:
        - {name: vm3, addresses: [192.168.77.33], vcpus: 1, memoryGiB: 0.1, template: vm3.xml}
        - {name: vm4, addresses: [192.168.77.34], vcpus: 1, memoryGiB: 0.1, template: vm4.xml}
      """
    try Data(text.utf8).write(to: document)
    let first = try await lab.run("apply", "-f", document.path, seconds: 120)
    try #require(first.code == 0, "\(first.error)\(lab.logs)")
    #expect(first.output.contains(": created"), "\(first.output)")

    let places = try await lab.places()
    var hosts: [String: String] = [:]
    for (vm, number) in vms {
      hosts[vm] = places.only(vm, tap: "th5254000001" + String(number, radix: 16))
      #expect(hosts[vm] != nil, "\(vm): \(places)")
      for agent in SmallLab.hosts {
        let known = try await lab.vms(of: agent)[vm]
        #expect(known?.host == hosts[vm] && known?.state == "running", "\(agent): \(String(describing: known))")
      }
      try await lab.wait("\(vm) to boot") {
        let console = FileManager.default.contents(atPath: "/run/transhumance/lab/console/\(vm).log") ?? Data()
        return String(decoding: console, as: UTF8.self).contains("transhumance guest \(vm) ready")
      }
    }
    try await lab.wait("the controller to know where they run") {
      let known = try await lab.run("get", "applications", "--format", "json").json(Applications.self).applications
      return known.first { $0.name == "pair" }?.hosts == hosts
    }
    let again = try await lab.run("apply", "-f", document.path)
    #expect(again.code == 0 && again.output.contains(": unchanged"), "\(again.output)\(again.error)")
    #expect(try await lab.places() == places)
  }

  /// The domain of the lab's first guest, as another one: with an address of its own, and without work.
  private static func template(of vm: String, number: Int) throws -> String {
    let domain = try String(contentsOfFile: "/run/transhumance/lab/domains/vm1.xml", encoding: .utf8)
    return domain.replacing("vm1", with: vm)
      .replacing("52:54:00:00:01:01", with: "52:54:00:00:01:" + String(number, radix: 16))
      .replacing("192.168.77.1/", with: "192.168.77.\(number)/")
      .replacing(/\ th\.(?:ring|rank|messageBytes|exchanges|requests|work|pauseMs)=[^ <]*/, with: "")
  }
}
