import Model

/// A request to the running relay: one JSON document a line, over the Unix socket `wan.sock` in the lab's folder. The
/// answer is one line as well: a `WANReply`.
package struct WANRequest: Codable, Hashable, Sendable {
  /// What is to be done.
  package enum Verb: String, Codable, Hashable, Sendable {
    /// Changes nothing.
    case status
    /// Other latency, bandwidth, or both.
    case slow
    case cut
    /// As at the start: not cut, with the lab file's latency and bandwidth.
    case heal
    /// Starts the lateness anew, for a measurement.
    case measure
  }

  package var verb: Verb
  /// Two sites in either order; nil: all pairs.
  package var sites: [String]?
  /// One way; nil: as it is.
  package var latencyMs: Double?
  /// Nil: as it is; 0: unlimited.
  package var bandwidthMbps: Double?

  package init(
    _ verb: Verb, sites: [String]? = nil, latencyMs: Double? = nil, bandwidthMbps: Double? = nil
  ) {
    self.verb = verb
    self.sites = sites
    self.latencyMs = latencyMs
    self.bandwidthMbps = bandwidthMbps
  }

  /// What is wrong with it, for a person; nil: nothing.
  package var problem: String? {
    if let sites, sites.count != 2 || sites[0] == sites[1] { return "a line is between two different sites" }
    if let latencyMs, !LabDescription.latenciesMs.contains(latencyMs) {
      return "latency \(latencyMs) ms: must be 0 to 60,000"
    }
    if let bandwidthMbps, bandwidthMbps != 0, !LabDescription.bandwidthsMbps.contains(bandwidthMbps) {
      return "bandwidth \(bandwidthMbps) Mb/s: must be 0.001 to 1,000,000, or 0 for unlimited"
    }
    return nil
  }
}

/// The relay's answer: its state after the request, or what was wrong with it.
package struct WANReply: Codable, Hashable, Sendable {
  package var error: String?
  package var status: WANStatus?

  package init(error: String) {
    self.error = error
  }

  package init(_ status: WANStatus) {
    self.status = status
  }
}
