import Glibc
import Linux
import Model
import Testing

@Suite struct ConversationTests {
  func entries(_ count: Int) -> [NetlinkRequest] {
    (1...count).map { .new(.port(3, mac: MACAddress(UInt64($0))), .replace) }
  }

  @Test func onlyTheLastOfABatchAsksForAnAcknowledgement() throws {
    let transport = MockTransport(answers: [acknowledgement(sequence: 3)])
    #expect(try NetlinkClient(transport).perform(entries(3)).isEmpty)
    let messages = try NetlinkMessage.messages(of: #require(transport.sent.first))
    #expect(transport.sent.count == 1)
    #expect(messages.map(\.sequence) == [1, 2, 3])
    #expect(messages.map { $0.flags & UInt16(4) } == [0, 0, 4])
  }

  @Test func errorsBelongToTheirRequests() throws {
    let transport = MockTransport(answers: [
      acknowledgement(sequence: 1, code: 17), acknowledgement(sequence: 3, code: 2), acknowledgement(sequence: 4),
    ])
    let failures = try NetlinkClient(transport).perform(entries(4))
    #expect(failures.map(\.request) == [0, 2])
    #expect(failures.map(\.error.code) == [EEXIST, ENOENT])
  }

  @Test func aBatchThatEndsInAnErrorEnds() throws {
    let transport = MockTransport(answers: [acknowledgement(sequence: 2, code: 22)])
    #expect(try NetlinkClient(transport).perform(entries(2)).map(\.request) == [1])
  }

  @Test func answersToAnEarlierConversationAreSkipped() throws {
    let transport = MockTransport(answers: [
      acknowledgement(sequence: 250, code: 1), acknowledgement(sequence: 4), acknowledgement(sequence: 2),
    ])
    #expect(try NetlinkClient(transport).perform(entries(2)).isEmpty)
  }

  @Test func sequenceNumbersWrap() throws {
    let transport = MockTransport(answers: [acknowledgement(sequence: 1, code: 1), acknowledgement(sequence: 2)])
    let failures = try NetlinkClient(transport, firstSequence: .max - 1).perform(entries(5))
    #expect(failures.map(\.request) == [3])
  }

  @Test func nothingToDoIsDone() throws {
    let transport = MockTransport()
    #expect(try NetlinkClient(transport).perform([]).isEmpty)
    #expect(transport.sent.isEmpty)
  }

  @Test func silenceIsAnError() {
    #expect(throws: NetlinkError.self) { try NetlinkClient(MockTransport()).perform(entries(1)) }
  }

  /// As netlink(7) and the kernel's Documentation/userspace-api/netlink/intro.rst lay it out.
  @Test func theKernelsOwnWords() throws {
    let answer = bytes(
      """
      4c 00 00 00 02 00 00 03 01 00 00 00 37 31 00 00  // NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS, 76 bytes
      a1 ff ff ff                                      // -95 EOPNOTSUPP
      28 00 00 00 1c 00 05 06 01 00 00 00 00 00 00 00  // the request's header
      26 00 01 00                                      // NLMSGERR_ATTR_MSG, 38 bytes
      4d 61 73 74 65 72 20 64 6f 65 73 20 6e 6f 74 20  // "Master does not "
      73 75 70 70 6f 72 74 20 73 6f 6d 65 74 68 69 6e  // "support somethin"
      67 00 00 00                                      // "g", padding
      """)
    let failure = try #require(try NetlinkClient(MockTransport(answers: [answer])).perform(entries(1)).first)
    #expect(failure.error.code == EOPNOTSUPP)
    #expect(failure.error.message == "Master does not support something")
    #expect(
      failure.error.during("add an entry").description
        == "add an entry: Operation not supported (Master does not support something)")
  }

  @Test func anInterruptedDumpIsReadAgain() throws {
    let link: [UInt8] = [20, 0, 0, 0, 16, 0, 0x12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9]
    let again: [UInt8] = [20, 0, 0, 0, 16, 0, 0x02, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7]
    func done(_ sequence: UInt8) -> [UInt8] { [20, 0, 0, 0, 3, 0, 2, 0, sequence, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
    let transport = MockTransport(answers: [link, done(1), again, done(2)])
    let messages = try NetlinkClient(transport).dump(.links)
    #expect(messages.map { Array($0.body) } == [[7, 7, 7, 7]])
  }
}
