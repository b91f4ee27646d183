import Foundation
import Libvirt
import Testing

/// Real migrations of a real guest between two libvirtds.
@Suite(.serialized, .enabled(if: Hosts.arePossible, "needs root, libvirtd and QEMU"), .timeLimit(.minutes(3)))
struct MigrationTests {
  @Test func eventsStatisticsAndAGuestThatRunsOn() async throws {
    let hosts = try Hosts()
    let source = try hosts.connect("h1")
    let destination = try hosts.connect("h2")
    let atSource = EventLog(source)
    let atDestination = EventLog(destination)

    let domain = try source.define(xml: hosts.description("vm1").xml)
    try domain.create(paused: true)
    #expect(try domain.state() == .paused(.user))
    try domain.resume()
    #expect(try domain.state() == .running(.unpaused))
    try await domain.migrate(to: "qemu+tcp://h2/system", options: MigrationOptions())

    let completed = await atSource.first { if case .jobCompleted = $0.kind { true } else { false } }
    guard case .jobCompleted(domain.identity, let final) = completed?.kind else {
      Issue.record("no statistics came with the end: \(atSource.all)")
      return
    }
    _ = await atDestination.first(.resumed(.migrated))
    #expect(
      atSource.lifecycle == [
        .defined(.added), .started(.booted), .suspended(.paused), .resumed(.unpaused), .suspended(.migrated),
        .stopped(.migrated),
      ])
    #expect(atDestination.lifecycle == [.started(.migrated), .defined(.added), .resumed(.migrated)])
    let stop = try #require(await atSource.first(.suspended(.migrated)))
    let start = try #require(await atDestination.first(.resumed(.migrated)))
    #expect(stop.at < start.at)

    let moved = try #require(try destination.domain(named: "vm1"))
    #expect(moved.uuid == domain.uuid)
    #expect(try moved.state() == .running(.migrated))
    #expect(try moved.isPersistent())
    #expect(try source.domains().isEmpty)
    // The guest's pages of 2 … 6 MiB at least, once.
    #expect(final.isComplete && final.dataProcessed >= 4 << 20 && final.iteration >= 1)
    let kept = try moved.completedJobStatistics()
    #expect(kept.isComplete && kept.downtimeMilliseconds > 0)
    #expect(try moved.completedJobStatistics() == kept)
    #expect(try moved.jobStatistics().kind == .none)
    try expectProgress(hosts, "vm1")
  }

  @Test func anAbortedMigrationLeavesTheGuestWhereItIs() async throws {
    let hosts = try Hosts()
    let source = try hosts.connect("h1")
    let destination = try hosts.connect("h2")
    let atSource = EventLog(source)
    let atDestination = EventLog(destination)
    let domain = try source.define(xml: hosts.description("vm1").xml)
    try domain.create()
    var options = MigrationOptions()
    // The guest writes 4 MiB in every few milliseconds: at this speed there is no end.
    options.bandwidthMiBps = 1
    let moving = options
    let migration = Task { try await domain.migrate(to: "qemu+tcp://h2/system", options: moving) }
    _ = await atSource.first { if case .migrationIteration(_, 2) = $0.kind { true } else { false } }
    let statistics = try domain.jobStatistics()
    #expect(statistics.kind == .unbounded && statistics.dataTotal > 32 << 20 && statistics.iteration >= 2)
    try domain.setMaximumDowntime(milliseconds: 100)
    try domain.abortJob()
    let aborted = await #expect(throws: LibvirtError.self) { try await migration.value }
    #expect(aborted?.code == .operationAborted)
    _ = await atDestination.first(.stopped(.failed))
    #expect(try domain.state() == .running(.booted))
    #expect(try destination.domains().isEmpty)
    #expect(!atSource.lifecycle.contains(.suspended(.migrated)))
    try expectProgress(hosts, "vm1")
  }

  @Test func aGuestCanArrivePaused() async throws {
    let hosts = try Hosts()
    let source = try hosts.connect("h1")
    let destination = try hosts.connect("h2")
    let atDestination = EventLog(destination)
    let domain = try source.create(xml: hosts.description("vm1").xml)
    var options = MigrationOptions()
    options.paused = true
    options.persistDestination = false
    options.undefineSource = false
    try await domain.migrate(to: "qemu+tcp://h2/system", options: options)
    let moved = try #require(try destination.domain(named: "vm1"))
    #expect(try moved.state() == .paused(.user))
    #expect(try !moved.isPersistent())
    try moved.resume()
    _ = await atDestination.first(.resumed(.unpaused))
    #expect(atDestination.lifecycle == [.started(.migrated), .suspended(.paused), .resumed(.unpaused)])
    try expectProgress(hosts, "vm1")
  }

  @Test func whatCannotBeMovedStays() async throws {
    let hosts = try Hosts()
    let source = try hosts.connect("h1")
    let domain = try source.define(xml: hosts.description("vm1").xml)
    try domain.create()
    let unreachable = await #expect(throws: LibvirtError.self) {
      try await domain.migrate(to: "qemu+tcp://h2:1/system", options: MigrationOptions())
    }
    #expect(unreachable?.description.contains("h2:1") == true)
    // The kernel is no longer where the description says: QEMU can't be started at the destination.
    var options = MigrationOptions()
    options.destinationXML = try domain.xml(.migratable).replacingOccurrences(
      of: hosts.kernel.path, with: "/nowhere/kernel")
    let refused = options
    let failed = await #expect(throws: LibvirtError.self) {
      try await domain.migrate(to: "qemu+tcp://h2/system", options: refused)
    }
    #expect(failed?.description.contains("/nowhere/kernel") == true, "\(String(describing: failed))")
    #expect(try domain.state() == .running(.booted))
    #expect(try hosts.connect("h2").domains().isEmpty)
    try expectProgress(hosts, "vm1")
  }

  @Test func aDaemonThatDiesIsAnEventAndItsGuestsRunOn() async throws {
    let hosts = try Hosts()
    let connection = try hosts.connect("h1")
    let log = EventLog(connection)
    let events = connection.events()
    let domain = try connection.define(xml: hosts.description("vm1").xml)
    try domain.create()
    try hosts.killDaemon("h1")
    let closed = await log.first { if case .connectionClosed = $0.kind { true } else { false } }
    #expect(closed != nil)
    #expect(!connection.isAlive)
    #expect(throws: LibvirtError.self) { try domain.state() }
    // Ends by itself: nothing more can come.
    for await _ in events {}

    try hosts.startDaemon("h1")
    let again = try hosts.connect("h1")
    #expect(try again.domain(named: "vm1")?.state().isRunning == true)
    try expectProgress(hosts, "vm1")
  }

  @Test func factsOfAHostAndHostileText() throws {
    let hosts = try Hosts()
    let connection = try hosts.connect("h2")
    let facts = try connection.hostFacts()
    #expect(facts.hostname == "h2")
    #expect(facts.uuid == "00000000-0000-4000-8000-000000000002")
    #expect(facts.vcpus > 0 && facts.memoryKiB > 1 << 18 && facts.freeMemoryBytes > 0)
    #expect(facts.libvirtVersion >= 9_000_000 && facts.hypervisorVersion >= 7_002_000)
    #expect(facts.machineTypes["qemu"]?.contains("pc-i440fx-7.2") == true)
    // As `virsh domcapabilities --virttype qemu` says of QEMU 7.2: it emulates no AVX-512.
    let models = try connection.cpuModels(acceleration: "qemu")
    #expect(models.contains("qemu64") && !models.contains("Skylake-Server"))

    var description = hosts.description("vm1")
    description.commandLine = "a=<b> & \"c\" 'd' ]]>"
    let stored = try XMLElement(parsing: connection.define(xml: description.xml).xml(.inactive))
    #expect(stored.first("os", "cmdline")?.text == description.commandLine)
  }

  /// The guest went on without a gap: its console is the alphabet, over and over, and grows.
  private func expectProgress(_ hosts: Hosts, _ name: String) throws {
    let before = hosts.console(name).utf8.count
    try hosts.run(
      "h1", "until [ $(stat -c %s '\(hosts.directory.path)/\(name).log') -gt \(before + 26) ]; do sleep 0.05; done")
    let console = hosts.console(name)
    #expect(Guest.isContinuous(console), "\(console)")
  }
}
