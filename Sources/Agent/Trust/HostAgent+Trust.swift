internal import Logging
internal import Model
internal import Trust

/// What an agent with a certificate does besides: it shows the one that is renewed, and lets go of hosts that were
/// revoked.
extension HostAgent {
  /// Seconds between two attempts to install certificates that couldn't be.
  private static let installingInterval = 60

  /// Until cancelled.
  func watchTrust() async {
    guard let trust else { return }
    var shown = trust.peers.credentials
    await migration?.install(shown)
    var second = 0
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      second += 1
      trust.readIfChanged()
      let credentials = trust.peers.credentials
      if credentials.peer.serial != shown.peer.serial {
        shown = credentials
        logger.info("shows another certificate", metadata: ["serial": "\(shown.peer.serial)"])
        for peer in peers.values { peer.redial() }
        await migration?.install(shown)
      } else if second.isMultiple(of: Self.installingInterval), migration?.problem != nil {
        // Somebody may have moved away what was in the way.
        await migration?.install(shown)
      }
      for peer in peers.values { peer.redialIfRefused() }
    }
  }

  /// Where the libvirtds of other hosts find this one's: encrypted where hosts have certificates.
  var hypervisorURI: String {
    let address = configuration.host.address
    guard let trust else { return "qemu+tcp://\(address.inURI)/system" }
    return migration?.uri(trust.peers.credentials) ?? "qemu+tls://\(address.inURI)/system"
  }

  /// Why a destination that answers so won't do; nil: it will.
  nonisolated func problem(ofHypervisorAt uri: String, host: String) -> String? {
    // Without parameters, of which one has libvirt check no certificate.
    guard trust != nil, uri.wholeMatch(of: /qemu\+tls:\/\/[0-9A-Za-z._:\[\]-]+\/system/) == nil else { return nil }
    return "\(host) offers no encrypted migration (its hypervisor is at \"\(uri.prefix(200))\")"
  }
}
