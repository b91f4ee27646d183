import Foundation
import Model
import Moves
import Testing

@Suite struct IncomingMoveTests {
  let flip = MoveScript.entry(at: "b", epoch: 6)

  func tell(_ move: inout IncomingMove, _ event: IncomingMoveEvent) -> [IncomingMoveAction] {
    move.handle(event, at: World.now).filter { if case .journal = $0 { false } else { true } }
  }

  func accepted() -> IncomingMove {
    var move = IncomingMove(World.request, entry: MoveScript.entry)
    #expect(tell(&move, .accepted) == [.hold, .stage, .grant, .setTimer(after: .seconds(60))])
    return move
  }

  @Test func anArrival() {
    var move = accepted()
    #expect(tell(&move, .domain(.incoming)) == [])
    #expect(tell(&move, .named(flip)) == [])
    #expect(tell(&move, .domain(.running)) == [.unstage, .finish])
    #expect(move.isOver)
    #expect(tell(&move, .releaseAsked) == [.answer(isReleased: false)], "it is this host's")
  }

  @Test func theFlipComesAfterTheVM() {
    var move = accepted()
    #expect(tell(&move, .domain(.running)) == [])
    #expect(tell(&move, .named(flip)) == [.unstage, .finish])
  }

  /// A copy without the network isn't the VM.
  @Test func aCopyThatRunsButIsNotNamedIsLetGo() {
    var move = accepted()
    _ = tell(&move, .domain(.running))
    #expect(
      tell(&move, .releaseAsked) == [.destroyDomain, .unstage, .unhold, .finish, .answer(isReleased: true)])
    #expect(tell(&move, .releaseAsked) == [.answer(isReleased: true)], "asked twice")
  }

  @Test func theSourceIsNamedAgain() {
    var move = accepted()
    _ = tell(&move, .named(flip))
    _ = tell(&move, .domain(.paused))
    #expect(
      tell(&move, .named(MoveScript.entry(at: "a", epoch: 7))) == [.destroyDomain, .unstage, .unhold, .finish])
  }

  @Test func entriesThatAreOldOrOfOthersSayNothing() {
    var move = accepted()
    #expect(tell(&move, .named(MoveScript.entry)) == [])
    #expect(tell(&move, .named(FabricEntry(vm: "other", interfaces: [], host: "a", epoch: 9))) == [])
    #expect(!move.isOver)
  }

  @Test func roomIsNotHeldForEver() {
    var move = accepted()
    _ = tell(&move, .domain(.incoming))
    #expect(tell(&move, .leaseEnded) == [.readDomain, .setTimer(after: .seconds(60))])
    _ = tell(&move, .domain(.absent))
    #expect(tell(&move, .leaseEnded) == [.destroyDomain, .unstage, .unhold, .finish])
  }

  @Test func aNewAgentStagesAgain() throws {
    var move = IncomingMove(World.request, entry: MoveScript.entry)
    let journal = move.handle(.accepted, at: World.now)
      .compactMap { if case .journal(let record) = $0 { record } else { nil } }
    let (after, actions) = try #require(
      IncomingMove.recovered(from: journal, entry: flip, at: World.now))
    #expect(actions == [.hold, .stage, .setTimer(after: .seconds(60)), .readDomain])
    #expect(after.isNamed && !after.isOver)
    let (gone, ended) = try #require(
      IncomingMove.recovered(from: journal, entry: MoveScript.entry(at: "a", epoch: 8), at: World.now))
    #expect(gone.isOver && ended.last == .finish && ended.contains(.destroyDomain))
  }

  /// The journal's form is read by later versions.
  @Test func recordsAreOneLineOfJSON() throws {
    let line = """
      {"at":1764057600000000000,"epoch":6,"isClosed":false,"reason":"","request":{"from":"a","identifier":"1",\
      "isPaused":false,"peers":["b","c"],"to":"b","vm":"vm"},"role":"source","step":"copying"}
      """
    let record = JournalRecord(
      role: .source, request: World.request, step: .copying, epoch: 6,
      at: .init(nanoseconds: 1_764_057_600_000_000_000))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(record), as: UTF8.self) == line)
    #expect(try JSONDecoder().decode(JournalRecord.self, from: Data(line.utf8)) == record)
  }
}
