import Model
import Moves
import Testing

@Suite struct FabricMapTests {
  /// Few names and numbers, so that all kinds of clashes come up.
  func randomMap(_ generator: inout SeededGenerator) -> FabricMap {
    FabricMap(
      (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        FabricEntry(
          vm: ["x", "y", "z"].randomElement(using: &generator)!,
          interfaces: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
            .init(
              network: ["blue", "red"].randomElement(using: &generator)!,
              mac: MACAddress(.random(in: 1...2, using: &generator)),
              addresses: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                IPAddress(v4: .random(in: 1...2, using: &generator))
              })
          },
          host: ["a", "b", "c"].randomElement(using: &generator)!, epoch: .random(in: 1...3, using: &generator))
      })
  }

  func merged(_ first: FabricMap, _ second: FabricMap) -> FabricMap {
    var map = first
    map.merge(second)
    return map
  }

  @Test func mergingIsCommutativeAssociativeAndIdempotent() {
    var generator = SeededGenerator(1)
    for _ in 0..<3_000 {
      let (p, q, r) = (randomMap(&generator), randomMap(&generator), randomMap(&generator))
      #expect(merged(p, q) == merged(q, p))
      #expect(merged(merged(p, q), r) == merged(p, merged(q, r)))
      #expect(merged(p, p) == p)
      #expect(merged(merged(p, q), q) == merged(p, q))
    }
  }

  @Test func whatIsNewerBringsTheOtherUpToDate() {
    var generator = SeededGenerator(2)
    for _ in 0..<1_000 {
      let (p, q) = (randomMap(&generator), randomMap(&generator))
      let news = p.newer(than: q)
      var other = q
      #expect(other.merge(FabricMap(news)) == news)
      #expect(other == merged(p, q))
      #expect(p.newer(than: other) == [])
    }
  }

  @Test func theHigherEpochWins() {
    let old = FabricEntry(vm: "x", interfaces: [], host: "a", epoch: 1)
    let new = FabricEntry(vm: "x", interfaces: [], host: "b", epoch: 2)
    var map = FabricMap([new])
    #expect(map.merge(old) == false)
    #expect(map["x"] == new)
  }

  /// Two agents that have both lost their state may claim with the same epoch.
  @Test func ofEqualEpochsTheFirstNameWins() {
    let a = FabricEntry(vm: "x", interfaces: [], host: "a", epoch: 4)
    let b = FabricEntry(vm: "x", interfaces: [], host: "b", epoch: 4)
    #expect(FabricMap([a, b])["x"]?.host == "a")
    #expect(FabricMap([b, a])["x"]?.host == "a")
  }

  @Test func onlyTheOwnerRaises() throws {
    var map = FabricMap([FabricEntry(vm: "x", interfaces: [], host: "a", epoch: 7)])
    #expect(throws: FabricMapError.notOwner(vm: "x", owner: "a", claimant: "b")) { try map.raise("x", by: "b") }
    #expect(throws: FabricMapError.unknown(vm: "y")) { try map.raise("y", by: "a") }
    #expect(try map.raise("x", by: "a", to: "b").epoch == 8)
    #expect(map["x"]?.host == "b")
    #expect(throws: FabricMapError.notOwner(vm: "x", owner: "b", claimant: "a")) { try map.raise("x", by: "a") }
  }

  @Test func aClaimIsOneAboveWhatWasLearnt() {
    var map = FabricMap([FabricEntry(vm: "x", interfaces: [], host: "b", epoch: 41)])
    #expect(map.claim("x", by: "a").epoch == 42)
    #expect(map.claim("x", by: "a").epoch == 42, "it has it already")
    #expect(map.claim("new", by: "a") == FabricEntry(vm: "new", interfaces: [], host: "a", epoch: 1))
  }

  @Test func theLastEpochHasNoNext() {
    let last = FabricEntry(vm: "x", interfaces: [], host: "a", epoch: .max)
    #expect(last.raised(to: "b").epoch == .max)
    var map = FabricMap([last])
    #expect(map.claim("x", by: "b") == last, "of equal epochs the first name wins")
  }

  @Test func implausibleEpochsAreRefused() {
    func entry(_ vm: String, _ epoch: UInt64) -> FabricEntry {
      FabricEntry(vm: vm, interfaces: [], host: "liar", epoch: epoch)
    }
    let map = FabricMap([FabricEntry(vm: "x", interfaces: [], host: "a", epoch: 10)])
    let leap: UInt64 = 1_048_576
    let (plausible, refused) = map.screen([
      entry("x", 9), entry("x", 10 + leap), entry("x", 11 + leap), entry("x", .max), entry("x", 0),
      entry("new", leap), entry("newer", leap + 1), entry("newest", .max),
    ])
    #expect(plausible.sorted == [entry("new", leap), entry("x", 10 + leap)])
    #expect(refused.map(\.epoch) == [11 + leap, .max, 0, leap + 1, .max])
  }

  /// A peer that lies as far as it may is outbid by one.
  @Test func theTrueOwnerOutbidsALie() {
    var map = FabricMap([FabricEntry(vm: "x", interfaces: [], host: "a", epoch: 1)])
    for _ in 0..<100 {
      let lie = FabricEntry(vm: "x", interfaces: [], host: "liar", epoch: map["x"]!.epoch + FabricMap.greatestLeap)
      map.merge(map.screen([lie]).plausible)
      map.claim("x", by: "a")
      #expect(map["x"]?.host == "a")
    }
  }

  @Test func addressesTakenTwiceAreTold() {
    let mac = MACAddress(1)
    let ip = IPAddress(v4: 1)
    let map = FabricMap([
      FabricEntry(vm: "x", interfaces: [.init(network: "blue", mac: mac, addresses: [ip])], host: "a"),
      FabricEntry(vm: "y", interfaces: [.init(network: "red", mac: mac, addresses: [ip])], host: "a"),
      FabricEntry(vm: "z", interfaces: [.init(network: "blue", mac: MACAddress(2), addresses: [ip])], host: "b"),
    ])
    #expect(map.conflicts == [AddressConflict(network: "blue", address: .ip(ip), holder: "x", other: "z")])
  }
}
