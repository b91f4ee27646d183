import Capture
import Foundation
import Testing
import Traffic

/// What files, not captures, can have wrong with them.
@Suite struct BadFileTests {
  private func failure(_ path: String) -> CaptureError? {
    do {
      _ = try TraceAnalysis(reading: [CaptureFile(path: path)])
      return nil
    } catch { return error }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: Fixtures.capture(name))))
  }

  private func temporary(_ bytes: [UInt8]) throws -> String {
    let path = NSTemporaryDirectory() + "transhumance-\(UUID().uuidString)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  @Test func directory() {
    #expect(failure(Fixtures.path("Examples"))?.code == .cannotOpen)
    #expect(failure(Fixtures.path("Examples"))?.description.contains("is a directory") == true)
  }

  @Test func missing() {
    #expect(failure("/nowhere/at/all.pcap")?.description == "/nowhere/at/all.pcap: no such file")
    #expect(failure("a\0b")?.code == .cannotOpen)
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func notPermitted() throws {
    let path = try temporary(Bytes.pcap().bytes)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(failure(path)?.description.contains("permission denied") == true)
  }

  /// Refused to every user: a link to itself, and a path that goes on below a file.
  @Test func notToBeOpened() throws {
    let path = NSTemporaryDirectory() + "transhumance-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    let capture = Fixtures.capture("tags.pcap")
    for path in [path, capture + "/below.pcap"] {
      let failure = failure(path)
      #expect(failure?.code == .cannotOpen)
      #expect(failure?.file == path)
      #expect(failure?.description.hasPrefix(path + ": ") == true)
    }
  }

  /// What can't be decompressed is said to be damaged, even before the capture's magic number is there.
  @Test func damagedAtOnce() throws {
    // A gzip header, a stored block of two bytes, then one of the reserved type 3.
    let damaged: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x00, 2, 0, 0xfd, 0xff, 0xd4, 0xc3, 0x07]
    let failure = Bytes(bytes: damaged).failure(window: 16)
    #expect(failure?.code == .corrupt)
    #expect(failure?.description.contains("compressed data are damaged") == true)
  }

  @Test func emptyFile() throws {
    let path = try temporary([])
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(failure(path)?.code == .empty)
  }

  /// Cut anywhere, gzip too is read up to the cut.
  @Test func cutGzip() throws {
    let whole = try bytes("members.pcap.gz")
    for count in 3..<whole.count {
      let file = Bytes(bytes: Array(whole.prefix(count)))
      do {
        let analysis = try file.analyze(window: 64)
        #expect(!analysis.isComplete)
        #expect(analysis.counts.facts.packets <= 3)
        #expect(analysis.warnings.count == 1)
      } catch let error as CaptureError {
        // Before the magic number is there, or where a member ends and the next one's first byte follows.
        #expect([.notACapture, .empty].contains(error.code) && count < 30)
      }
    }
  }

  /// A byte changed in compressed data: an error that says so, or the checksum's; nothing in fields that say nothing.
  @Test func damagedGzip() throws {
    let whole = try bytes("members.pcap.gz")
    for index in 10..<100 {
      var bytes = whole
      bytes[index] ^= 0x55
      let file = Bytes(bytes: bytes)
      if let failure = file.failure() {
        #expect(failure.file == "capture")
        #expect(failure.description.contains("damaged") || failure.code == .notACapture)
      } else {
        let analysis = try file.analyze()
        #expect(analysis.counts.facts.packets == 3 || !analysis.warnings.isEmpty)
      }
    }
  }

  /// Zeros, with which tapes are padded, are silently passed by; other bytes that are no member with a warning.
  @Test(arguments: [[UInt8](repeating: 0, count: 512), Array("trailer".utf8)], [64, 1 << 20])
  func trailingBytes(trailer: [UInt8], window: Int) throws {
    let whole = try bytes("members.pcap.gz")
    let analysis = try Bytes(bytes: whole + trailer).analyze(window: window)
    #expect(analysis.counts.facts.packets == 3)
    #expect(analysis.isComplete)
    #expect(analysis.warnings.map { $0.contains("byte \(whole.count): ") } == (trailer[0] == 0 ? [] : [true]))
  }

  /// 40 members of 4 MiB of zeros, behind a good header.
  @Test func decompressionBomb() throws {
    let head = try bytes("bomb-head.gz")
    let tail = try bytes("bomb-tail.gz")
    let failure = Bytes(bytes: head + (0..<40).flatMap { _ in tail }).failure()
    #expect(failure?.code == .decompressionBomb)
  }

  @Test func aMatrixInstead() throws {
    let text = "source,destination,packets,frame_bytes,ip_bytes\na,b,1,2,3\n"
    let path = try temporary(Array(text.utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    guard case .other(let source)? = try TraceInput.open([path]).first else {
      Issue.record("taken for a capture")
      return
    }
    #expect(try Fixtures.bytes(of: source) == Array(text.utf8))
    guard case .capture? = try TraceInput.open([Fixtures.capture("tags.pcap")]).first else {
      Issue.record("not taken for a capture")
      return
    }
  }

  /// What is no capture comes in pieces of the window, the first of them 4096 bytes where there are as many: also of
  /// gzip members of a few bytes each. It ends where it was cut, or where no more is wanted.
  @Test func pieces() throws {
    let members = try bytes("members.pcap.gz")
    let whole = try Fixtures.bytes(of: ByteSource(bytes: members, name: "members", window: 16))
    var pieces: [Int] = []
    try ByteSource(bytes: members, name: "members", window: 16).read {
      pieces.append($0.count)
      return true
    }
    #expect(pieces == [whole.count])
    let source = try ByteSource(bytes: [UInt8](repeating: 0x61, count: 50_000), name: "text", window: 16)
    pieces = []
    try source.read {
      pieces.append($0.count)
      return pieces.count < 3
    }
    #expect(pieces == [4096, 4096, 4096])
    let cut = try ByteSource(bytes: members.dropLast(9), name: "cut")
    #expect(throws: CaptureError.self) { try Fixtures.bytes(of: cut) }
  }

  @Test func progress() throws {
    let file = try CaptureFile(path: Fixtures.path("Examples/mg.A.8.pcap.gz"))
    let size = file.size
    var reports: [TraceAnalysis.Progress] = []
    _ = try TraceAnalysis(reading: [file]) { reports.append($0) }
    #expect(reports.count == 2)
    #expect(reports.allSatisfy { $0.total == size && $0.bytes <= size ?? 0 })
  }
}
