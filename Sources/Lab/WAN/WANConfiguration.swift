import Model

/// What the relay is told at its start, as JSON.
package struct WANConfiguration: Codable, Hashable, Sendable {
  package var sites: [Site]
  /// Both directions alike.
  package var lines: [Line]

  package init(sites: [Site], lines: [Line]) {
    self.sites = sites
    self.lines = lines
  }

  /// A site's router, and what is behind it.
  package struct Site: Codable, Hashable, Sendable {
    package var name: String
    /// The file of its router's network namespace, `/proc/PID/ns/net`.
    package var namespace: String
    /// Addresses behind its router, as `10.99.1.0/24`.
    package var prefixes: [String]

    package init(name: String, namespace: String, prefixes: [String]) {
      self.name = name
      self.namespace = namespace
      self.prefixes = prefixes
    }
  }

  /// Both directions between two sites.
  package struct Line: Codable, Hashable, Sendable {
    package var between: [String]
    /// One way.
    package var latencyMs: Double
    /// Nil: unlimited.
    package var bandwidthMbps: Double?

    package init(between: [String], latencyMs: Double, bandwidthMbps: Double? = nil) {
      self.between = between
      self.latencyMs = latencyMs
      self.bandwidthMbps = bandwidthMbps
    }
  }

  /// What is wrong with it, for a person; nil: nothing.
  package var problem: String? {
    let names = sites.map(\.name)
    guard (1...Self.mostSites).contains(sites.count) else { return "the WAN joins 1 to \(Self.mostSites) sites" }
    guard Set(names).count == names.count else { return "two sites have the same name" }
    for site in sites {
      for prefix in site.prefixes where IPSubnet(text: prefix) == nil {
        return "site \(site.name): \(prefix) is no prefix such as 10.99.1.0/24"
      }
    }
    for line in lines {
      guard line.between.count == 2, line.between.allSatisfy(names.contains), line.between[0] != line.between[1] else {
        return "a line is between two different sites: \(line.between.joined(separator: ", "))"
      }
      if let problem = WANRequest(.slow, latencyMs: line.latencyMs, bandwidthMbps: line.bandwidthMbps).problem {
        return problem
      }
    }
    return nil
  }

  /// The pairs of sites are looked through for each packet, and an answer fits into the buffer of its socket.
  package static let mostSites = 16
}

extension IPSubnet {
  /// From `192.168.77.0/24`.
  init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]) else { return nil }
    self.init(address: address, length: length)
  }
}
