internal import Logging
internal import Model
internal import Moves
internal import Wire

/// Keeping in touch: whole maps are exchanged when a peer is heard of anew and every minute; in between a question
/// every second tells who is silent.
extension HostAgent {
  private static let interval = Duration.seconds(1)
  private static let exchangeInterval = Duration.seconds(60)

  /// Runs until cancelled.
  func keepInTouch(with peer: PeerConnection) async {
    while !Task.isCancelled {
      await contact(peer)
      try? await Task.sleep(for: Self.interval)
    }
  }

  func contact(_ peer: PeerConnection) async {
    let name = peer.peer.name
    let contact = contacts[name] ?? Contact()
    let isDue = contact.lastExchange.map { .now - $0 >= Self.exchangeInterval } ?? true
    do {
      if contact.needsExchange || contact.silence != nil || isDue {
        let reply = try await peer.agent.exchange(.init(map.sorted), options: PeerConnection.within(.seconds(3)))
        contacts[name, default: Contact()].needsExchange = false
        contacts[name, default: Contact()].lastExchange = .now
        merge(reply.entries.compactMap { read($0, from: name) }, from: name)
      } else {
        let report = try await peer.agent.describe(.init(), options: PeerConnection.within(.seconds(2)))
        heard.hear(ofPeer: report.epoch)
      }
      if contact.silence != nil { logger.info("the agent of \(name) answers") }
      contacts[name, default: Contact()].silence = nil
    } catch {
      guard !Task.isCancelled else { return }
      if contact.silence == nil { logger.warning("the agent of \(name) is silent: \(error.callReason)") }
      contacts[name, default: Contact()].silence = error.callReason
      contacts[name, default: Contact()].needsExchange = true
    }
  }

  /// An entry as a peer sent it; nil, and logged, where it can't be meant.
  func read(_ message: Transhumance_V1_FabricEntry, from peer: String) -> FabricEntry? {
    do {
      return try FabricEntry(message)
    } catch {
      logger.error("refused: \(error)", metadata: ["peer": "\(peer)"])
      return nil
    }
  }

  /// Sends entries to one peer. A peer that doesn't get them exchanges maps as soon as it is heard of again.
  /// - Returns: whether it has programmed them.
  nonisolated func announce(_ entries: [FabricEntry], to host: String) async -> Bool {
    guard let peer = peers[host] else { return false }
    do {
      _ = try await peer.agent.announce(.init(entries), options: PeerConnection.within(.seconds(3)))
      return true
    } catch {
      await missed(host)
      return false
    }
  }

  private func missed(_ host: String) {
    contacts[host, default: Contact()].needsExchange = true
  }

  /// Sends entries to all peers at once, but those that have them.
  nonisolated func announce(_ entries: [FabricEntry], except known: Set<String> = []) async {
    await withTaskGroup { group in
      for host in peers.keys where !known.contains(host) {
        group.addTask { _ = await self.announce(entries, to: host) }
      }
    }
  }
}
