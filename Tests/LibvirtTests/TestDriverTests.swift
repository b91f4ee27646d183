import Libvirt
import Testing

/// Against the hypervisor that libvirt itself plays for tests (`test:///default`: one running domain, "test"). Each
/// connection to `test:///default` in one process shares its state, so the suite runs in order.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct TestDriverTests {
  @Test func domainsAndTheirState() throws {
    let connection = try Connection(uri: "test:///default")
    #expect(connection.isAlive)
    let domain = try #require(try connection.domain(named: "test"))
    #expect(try connection.domains().map(\.name) == ["test"])
    #expect(try connection.domain(uuid: domain.uuid)?.identity == domain.identity)
    #expect(try domain.state().isRunning)
    #expect(try domain.isPersistent())
    let usage = try domain.usage()
    #expect(usage.memoryKiB == 2_097_152)
    #expect(usage.maximumMemoryKiB == 8_388_608)
    #expect(usage.vcpus == 2)
    #expect(try XMLElement(parsing: domain.xml(.inactive)).first("name")?.text == "test")
  }

  @Test func whatIsNotThereIsNilOrAnError() throws {
    let connection = try Connection(uri: "test:///default")
    #expect(try connection.domain(named: "nobody") == nil)
    #expect(try connection.domain(uuid: "00000000-0000-4000-8000-000000000000") == nil)
    let notAUUID = #expect(throws: LibvirtError.self) { try connection.domain(uuid: "nobody") }
    #expect(notAUUID?.code == .invalidArgument)
    let noXML = #expect(throws: LibvirtError.self) { try connection.define(xml: "<domain") }
    #expect(noXML?.operation == "defining a domain")
    let noDaemon = #expect(throws: LibvirtError.self) {
      try Connection(uri: "qemu+unix:///system?socket=/nowhere/socket")
    }
    #expect(noDaemon?.code == .systemError)
    #expect(noDaemon?.description.contains("/nowhere/socket") == true)
  }

  @Test func lifecycleInOrder() async throws {
    let connection = try Connection(uri: "test:///default")
    let log = EventLog(connection)
    let xml = """
      <domain type='test'><name>vm1</name><memory>1024</memory><os><type>hvm</type></os></domain>
      """
    let domain = try connection.define(xml: xml)
    #expect(try domain.state() == .shutOff(.unknown))
    try domain.create()
    try domain.suspend()
    #expect(try domain.state() == .paused(.user))
    try domain.resume()
    #expect(try domain.state() == .running(.unpaused))
    try domain.destroy()
    #expect(try !domain.state().isActive)
    let again = #expect(throws: LibvirtError.self) { try domain.destroy() }
    #expect(again?.code == .operationInvalid)
    try domain.undefine()
    _ = await log.first(.undefined)
    #expect(
      log.lifecycle == [
        .defined(.added), .started(.booted), .suspended(.paused), .resumed(.unpaused), .stopped(.destroyed), .undefined,
      ])
    #expect(zip(log.all, log.all.dropFirst()).allSatisfy { $0.at <= $1.at })
  }

  @Test func aStreamHasTheEventsAndEndsWithItsReader() async throws {
    let connection = try Connection(uri: "test:///default")
    let domain = try #require(try connection.domain(named: "test"))
    let events = connection.events()
    try domain.suspend()
    try domain.resume()
    var seen: [Lifecycle] = []
    for await event in events {
      if case .lifecycle(domain.identity, let lifecycle) = event.kind { seen.append(lifecycle) }
      if seen.count == 2 { break }
    }
    #expect(seen == [.suspended(.paused), .resumed(.unpaused)])
  }

  @Test func aReleasedSubscriptionIsSilent() async throws {
    let connection = try Connection(uri: "test:///default")
    let domain = try #require(try connection.domain(named: "test"))
    var released: EventLog? = EventLog(connection)
    let log = EventLog(connection)
    try domain.suspend()
    _ = await log.first(.suspended(.paused))
    #expect(released?.lifecycle == [.suspended(.paused)])
    weak let gone = released
    released = nil
    #expect(gone == nil)
    try domain.resume()
    _ = await log.first(.resumed(.unpaused))
  }

  @Test func blockingCallsRunElsewhere() async throws {
    let domain = try await DedicatedThread.run { () throws(LibvirtError) in
      try Connection(uri: "test:///default").domain(named: "test")
    }
    #expect(domain?.name == "test")
    await #expect(throws: LibvirtError.self) {
      try await DedicatedThread.run { () throws(LibvirtError) in try Connection(uri: "nothing:///") }
    }
  }
}
