import Documents
import Model
import Simulation

/// A scenario in which nothing differs with the seed.
func scenario(_ text: String) throws -> Scenario {
  try ScenarioDocument.parse("jitter: 0\n" + text, file: "scenario.yaml").scenario
}

func isNear(_ value: Double, _ expected: Double, within share: Double = 1e-9) -> Bool {
  abs(value - expected) <= share * max(1, abs(expected))
}

/// Sites a and b with a host each; a costs 0.1 per VM and hour, b 0.05. 1 MB/s between them, at 0.1 per GB.
let pair = """
  federation:
    sites:
      - name: a
        price: {vmHour: 0.1}
        hosts: [{name: a1, vcpus: 4}]
      - name: b
        price: {vmHour: 0.05}
        hosts: [{name: b1, vcpus: 4}]
    links:
      betweenSites: {latencyMs: 10, bandwidthMbps: 8}
    egress: {betweenSites: 0.1}
  """
