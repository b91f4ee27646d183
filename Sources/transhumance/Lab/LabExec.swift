import ArgumentParser
import Foundation
import Lab

struct LabExec: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Runs a command inside a host or machine of the lab.",
    discussion: """
      The command is in all namespaces of the host: virsh speaks to the \
      host's own libvirtd, ping and tcpdump see the host's own network. \
      Input, output and exit code are the command's. router:SITE is the \
      router of a site, where the WAN can be seen as wan0. The command \
      transhumance is this program, wherever it is.

      Examples:
        transhumance lab exec a1 -- virsh list
        transhumance lab exec a1 -- ping -c 3 b1
        transhumance lab exec a1 -- transhumance sense --period 5s
        transhumance lab exec router:a -- tcpdump -ni wan0

      Exit codes: the command's; 1 where there is no such host, 2 usage.
      """)

  @Argument(help: ArgumentHelp("A host or machine, or router:SITE.", valueName: "host"))
  var host: String

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty { throw ValidationError("What to run stands after two hyphens: lab exec \(host) -- virsh list") }
  }

  func run() async throws {
    try await reportingLab {
      try Laboratory.requireRoot()
      let words = try Laboratory.ofThisMachine.entering(host, command: command)
      guard let tool = Tool.find(words[0]) else { throw LabError("\(words[0]) isn't installed (Debian: util-linux)") }
      try Tool.replaceProcess(by: [tool] + words.dropFirst())
    }
  }
}
