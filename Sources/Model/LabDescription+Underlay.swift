/// The addresses of the lab's underlay follow from the order of sites and hosts: host H of site S is 10.99.S.H.
extension LabDescription {
  /// Where a host is, in the order of the document.
  public struct HostPlace: Hashable, Sendable {
    public var site: String
    public var host: Host
    /// Of the site, from 1.
    public var siteNumber: Int
    /// Of the host in its site, from 1.
    public var hostNumber: Int

    public init(site: String, host: Host, siteNumber: Int, hostNumber: Int) {
      self.site = site
      self.host = host
      self.siteNumber = siteNumber
      self.hostNumber = hostNumber
    }

    public var address: IPAddress { LabDescription.underlay(site: siteNumber, host: hostNumber) }
  }

  public var hosts: [HostPlace] {
    federation.sites.enumerated().flatMap { site, value in
      value.hosts.enumerated().map { host, entry in
        HostPlace(site: value.name, host: entry, siteNumber: site + 1, hostNumber: host + 1)
      }
    }
  }

  /// The router of each site has host number 254.
  public static func underlay(site: Int, host: Int) -> IPAddress {
    IPAddress(v4: 10 << 24 | 99 << 16 | UInt32(truncatingIfNeeded: site) << 8 | UInt32(truncatingIfNeeded: host))
  }
}
