extension Shape {
  static let scenario = Shape(
    "a scenario", "#", required: ["hours", "federation", "applications"],
    optional: ["start", "decideSeconds", "jitter", "moveFailures", "events"])
  static let pattern = Shape(
    "an application of a scenario", "#/$defs/pattern", required: ["name", "vms"],
    optional: [
      "count", "arrivesAtHours", "everyHours", "objective", "coupling", "minimumGain", "workHours", "lastsHours",
      "checkpointHours", "vcpus", "memoryGiB", "cpu", "dirtyMiBps", "startsAt", "phases",
    ])
  static let trafficPhase = Shape(
    "a phase", "#/$defs/trafficPhase",
    optional: ["hours", "structure", "groupSize", "waitsPerSecond", "bytesPerSecond", "acrossShare", "shuffled"])
  static let event = Shape(
    "an event", "#/$defs/event", required: ["atHours", "site"],
    optional: ["everyHours", "times"] + changes)
  static let closing = Shape("a closing", "#/$defs/closing", optional: ["noticeMinutes", "forHours"])
  static let failure = Shape("a failure", "#/$defs/failure", required: ["forHours"])

  /// What can happen to a site; one of them in each event.
  static let changes = ["price", "speed", "opens", "closes", "fails"]

  /// The shapes of a scenario; its federation has those of a federation.
  package static let ofScenario = [scenario, pattern, trafficPhase, event, closing, failure]
}
