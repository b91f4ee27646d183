import ArgumentParser
import Planning

/// `transhumance plan`: what should move where, or that nothing should.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Decides which VMs of a placed application should move where, or that none should.",
    discussion: """
      Works on files alone; nothing is moved. The formulas are in docs/planning.md; --explain prints every term.

      Examples:
        transhumance plan --federation federation.yaml --application cg.yaml --traffic cg.csv --window 5.56
        transhumance plan --federation federation.yaml --application cg.yaml --traffic cg.A.8.pcap.gz --explain
        transhumance plan … --objective time --at 2026-11-25T08:00:00Z --format json
        transhumance plan … --no-minimum-gain

      Exit codes: 0 move or stay, 1 failed, 2 usage, 3 no placement satisfies the constraints (with those that clash). \
      A capture that was cut short is used up to the cut: the plan is printed, with a warning; the exit code is 1.
      """)

  @OptionGroup var options: PlanOptions

  @Flag(name: .customLong("no-minimum-gain"), help: "Print the best plan even where it gains too little to be advised.")
  var noMinimumGain = false

  func run() throws {
    try options.run(.move, needsMinimumGain: !noMinimumGain)
  }
}

/// `transhumance place`: where the VMs of an application should start.
struct PlaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place",
    abstract: "Decides where the VMs of an application that isn't placed yet should start.",
    discussion: """
      Works on files alone; nothing is started. --window is the length of a run on speed 1.0 without its waits.

      Examples:
        transhumance place --federation federation.yaml --application new.yaml --traffic cg.csv --window 2.1
        transhumance place … --objective resources --explain

      Exit codes: 0 placed, 1 failed, 2 usage, 3 no placement satisfies the constraints (with those that clash). \
      A capture that was cut short is used up to the cut: the plan is printed, with a warning; the exit code is 1.
      """)

  @OptionGroup var options: PlanOptions

  func run() throws {
    try options.run(.place, needsMinimumGain: false)
  }
}
