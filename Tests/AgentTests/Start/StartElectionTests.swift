import Agent
import Testing

struct StartElectionTests {
  /// Hosts that are all asked to start the same VM, and take their steps in any order.
  private struct World: Hashable {
    enum Phase: Hashable {
      case idle
      /// With the answers of this round so far.
      case asking([String: StartElection.Answer])
      case starting, running, gaveUp
    }

    var phases: [String: Phase]

    init(_ hosts: [String]) {
      phases = Dictionary(uniqueKeysWithValues: hosts.map { ($0, Phase.idle) })
    }

    /// Hosts that have the VM, or will have it whatever the others do.
    var chosen: Int { phases.values.count(where: { $0 == .starting || $0 == .running }) }
    var isOver: Bool { phases.values.allSatisfy { $0 == .running || $0 == .gaveUp } }

    /// What a host tells another one at this moment.
    private func answer(of host: String) -> StartElection.Answer {
      switch phases[host] {
      case .asking, .starting: .onItsWay
      case .running: .present
      case .idle, .gaveUp, nil: .absent
      }
    }

    /// The worlds that one step of one host leads to.
    var next: [World] {
      phases.flatMap { host, phase -> [World] in
        switch phase {
        case .idle: return [with(host, .asking([:]))]
        case .asking(let answers):
          let unasked = phases.keys.filter { $0 != host && answers[$0] == nil }
          guard unasked.isEmpty else {
            return unasked.map { other in
              with(host, .asking(answers.merging([other: answer(of: other)]) { $1 }))
            }
          }
          switch StartElection.verdict(on: "vm1", at: host, owner: nil, answers: answers) {
          case .goOn: return [with(host, .starting)]
          case .ask: return [with(host, .asking([:]))]
          case .giveUp: return [with(host, .gaveUp)]
          }
        case .starting: return [with(host, .running)]
        case .running, .gaveUp: return []
        }
      }
    }

    private func with(_ host: String, _ phase: Phase) -> World {
      var world = self
      world.phases[host] = phase
      return world
    }
  }

  /// All orders of all steps.
  @Test(arguments: [["a1", "b1"], ["a1", "a2", "b1"]]) func oneStartsItAndOneOnly(_ hosts: [String]) {
    let first = World(hosts)
    var (known, open): (Set<World>, [World]) = ([first], [first])
    var leadingTo: [World: Set<World>] = [:]
    while let world = open.popLast() {
      for next in world.next {
        leadingTo[next, default: []].insert(world)
        if known.insert(next).inserted { open.append(next) }
      }
    }
    #expect(known.allSatisfy { $0.chosen <= 1 })
    let ends = known.filter(\.isOver)
    #expect(!ends.isEmpty && ends.allSatisfy { $0.chosen == 1 })
    // Nowhere do they wait for one another for ever.
    var (ending, unseen) = (ends, Array(ends))
    while let world = unseen.popLast() {
      for before in leadingTo[world] ?? [] where ending.insert(before).inserted { unseen.append(before) }
    }
    #expect(ending == known)
  }

  private func verdict(_ answers: [String: StartElection.Answer], owner: String? = nil) -> StartElection.Verdict {
    StartElection.verdict(on: "vm1", at: "b1", owner: owner, answers: answers)
  }

  @Test func thoseWhoHaveItArePreferred() {
    let (here, there) = (StartElection.Answer.present, StartElection.Answer.onItsWay)
    #expect(verdict(["a1": .absent, "c1": .absent]) == .goOn)
    #expect(verdict(["a1": .absent, "c1": here]) == .giveUp(reason: "vm1 is at c1"))
    #expect(
      verdict(["a1": there, "c1": .absent])
        == .giveUp(reason: "vm1 is being started at a1, whose name sorts first, or is on a move to it"))
    #expect(verdict(["a1": .absent, "c1": there]) == .ask(reason: "vm1 is being started at c1, or is on a move to it"))
    #expect(verdict(["c1": there, "d1": here]) == .giveUp(reason: "vm1 is at d1"))
  }

  @Test func whoeverIsSilentIsPassedOverUnlessTheMapNamesIt() {
    let silent = StartElection.Answer.missing(reason: "no answer", isSilent: true)
    let late = StartElection.Answer.missing(reason: "no answer", isSilent: false)
    let unknown = StartElection.Answer.unknown(reason: "no libvirt")
    let words = "whether vm1 runs at c1 isn't known: "
    #expect(verdict(["c1": silent], owner: "a1") == .goOn)
    #expect(verdict(["c1": unknown], owner: "a1") == .goOn)
    // Not for one that was heard of a second ago.
    #expect(verdict(["c1": late], owner: "a1") == .ask(reason: words + "no answer"))
    for answer in [silent, late] {
      #expect(verdict(["c1": answer], owner: "c1") == .giveUp(reason: words + "no answer"))
    }
    #expect(verdict(["c1": unknown], owner: "c1") == .giveUp(reason: words + "no libvirt"))
  }
}
