import ArgumentParser
import Drawing
import Model
import Planning

/// `transhumance plan`: what should move where, or that nothing should.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Decides which VMs of a placed application should move where, or that none should.",
    usage: PlanOptions.usage("plan"),
    discussion: """
      Works on files alone; nothing is moved. The formulas are in docs/planning.md; --explain prints every term.

      Examples:
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.A.8.pcap.gz
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.csv --window 5.56 --explain
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.A.8.pcap.gz \\
          --objective time --at 2026-11-25T08:00:00Z --format json
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.A.8.pcap.gz --plot moves.svg

      What if, and what else could be had:
        transhumance plan --federation federation.yaml \\
          --application cg.yaml --traffic cg.A.8.pcap.gz \\
          --set site.rennes.price.vmHour=0.2 --without-site cloud-a --pareto
      Several applications, by their owners' shares, and one plan kept:
        transhumance plan --federation federation.yaml --application cg.yaml \\
          --application mg.yaml --traffic both.csv --window 30 --save plan.json
        transhumance explain plan.json

      Exit codes: 0 move or stay, 1 failed, 2 usage, 3 no placement satisfies the constraints (with those that clash). \
      A capture that was cut short is used up to the cut: the plan is printed, with a warning; the exit code is 1.
      """)

  @OptionGroup var options: PlanOptions

  @Flag(name: .customLong("no-minimum-gain"), help: "Print the best plan even where it gains too little to be advised.")
  var noMinimumGain = false

  @Option(
    help: ArgumentHelp("Draw when each move starts and ends.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]), transform: PictureFile.init(argument:))
  var plot: PictureFile?

  func run() throws {
    let plot = try plot?.open()
    try options.run(.move, needsMinimumGain: !noMinimumGain) { answer, question in
      try plot?.write(answer.timeline(of: question.applications, in: question.federation).svg())
    }
  }
}

/// `transhumance place`: where the VMs of an application should start.
struct PlaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place",
    abstract: "Decides where the VMs of an application that isn't placed yet should start.",
    usage: PlanOptions.usage("place"),
    discussion: """
      Works on files alone; nothing is started. The seconds of the traffic (--window, or a \
      capture's own) are taken as the length of a run on speed 1.0 that never \
      waits; a capture made on one network comes near.

      Examples:
        transhumance place --federation federation.yaml \\
          --application new.yaml --traffic cg.csv --window 5.56
        transhumance place --federation federation.yaml \\
          --application new.yaml --traffic cg.A.8.pcap.gz \\
          --objective resources --explain

      Exit codes: 0 placed, 1 failed, 2 usage, 3 no placement satisfies the constraints (with those that clash). \
      A capture that was cut short is used up to the cut: the plan is printed, with a warning; the exit code is 1.
      """)

  @OptionGroup var options: PlanOptions

  func run() throws {
    try options.run(.place, needsMinimumGain: false)
  }
}
