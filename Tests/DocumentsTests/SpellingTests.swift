import Documents
import Model
import Testing

/// Ways to write the same federation and the same application.
@Suite struct SpellingTests {
  static let federation = Federation(
    sites: [
      Site(
        name: "a",
        hosts: [
          Host(name: "h1", vcpus: 8, memoryGiB: 32, speed: 1.5), Host(name: "h2", vcpus: 8, memoryGiB: 16, speed: 1.5),
        ])
    ],
    links: Links(sameSite: Link(latencyMs: 0.1)))

  @Test(arguments: [
    // Blocks.
    """
    # a comment
    %YAML 1.1
    ---
    sites:
    - name: a
      hosts:
      - name: h1
        vcpus: 8
        memoryGiB: 32
        speed: 1.5
      - name: h2
        vcpus: 8
        memoryGiB: 16
        speed: 1.5
    links:
      sameSite:
        latencyMs: 0.1
    ...
    """,
    // Merge keys: what stands in the mapping itself wins, then the first of a list.
    """
    sites:
      - name: a
        hosts:
          - &big {name: h1, vcpus: 8, memoryGiB: 32, speed: 1.5}
          - {<<: [{memoryGiB: 16}, *big], name: h2}
    links: {sameSite: {latencyMs: 1e-1}}
    """,
    // Anchors and aliases.
    """
    sites: [{name: &n a, hosts: [{name: h1, vcpus: &v 8, memoryGiB: 32, speed: &s 1.5},
      {name: h2, vcpus: *v, memoryGiB: 16.0, speed: *s}]}]
    links: {sameSite: {latencyMs: +.1}}
    """,
    // Quotes, escapes, folded text, explicit keys.
    #"""
    ? 'sites'
    : - "name": !!str a
        hosts: [{"name": "\x681", "vcpus": 8, "memoryGiB": 32, "speed": 15E-1}, {name: 'h2', vcpus: 8.0,
          memoryGiB: 16, speed: 1.50}]
    links:
      "sameSite": {'latencyMs': 0.1}
    """#,
    // JSON.
    """
    {"sites":[{"name":"a","hosts":[{"name":"h1","vcpus":8,"memoryGiB":32,"speed":1.5},
    \t{"name":"h2","vcpus":8,"memoryGiB":16,"speed":1.5}]}],
    \t"links":{"sameSite":{"latencyMs":0.1}}}
    """,
  ])
  func federation(text: String) throws {
    #expect(try FederationDocument.parse(text, file: "f").federation == Self.federation)
    let withCRLF = text.replacing("\n", with: "\r\n")
    #expect(try FederationDocument.parse("\u{feff}" + withCRLF, file: "f").federation == Self.federation)
  }

  @Test func names() throws {
    let text = """
      name: cg, of class A
      remainingHours: none
      vms:
        - {name: "no", addresses: ["::ffff:10.0.0.1", fe80::1]}
        - {name: "1"}
        - {name: x}
        - {name: 10.0.0.7}
        - {name: Müller's VM}
        - name: |-
            vm one
        - name: a
            b
      """
    let application = try ApplicationDocument.parse(text, file: "a").application
    #expect(application.name == "cg, of class A")
    #expect(application.remainingHours == nil)
    #expect(application.vms.map(\.name) == ["no", "1", "x", "10.0.0.7", "Müller's VM", "vm one", "a b"])
    #expect(
      application.vms[0].addresses
        == [IPAddress(v6High: 0, low: 0xffff_0a00_0001), IPAddress(v6High: 0xfe80 << 48, low: 1)])
    // A VM that is named by its address is known by it in a matrix.
    #expect(application.vms[3].addresses == [IPAddress(v4: 0x0a00_0007)])
  }

  /// A quote with a combining mark after it is one character, and all the same a quote.
  @Test(
    arguments: ["q\"\u{301}", "\"\"\u{301}\"", "c,\u{301}", "\"", "\u{301}\"\"", "b\\\u{301}\"\u{301}"])
  func marksThatCombineWithSyntaxHideNothing(name: String) throws {
    let row = TrafficMatrix.Row(source: .name(name), destination: .name("vm1"), packets: 3)
    let matrix = TrafficMatrix(rows: [row], hasWaits: false)
    let text = MatrixDocument.text(of: matrix)
    let (quotes, written) = (name.utf8.count { $0 == 0x22 }, text.utf8.count { $0 == 0x22 })
    #expect(written == 2 + 2 * quotes)
    #expect(try MatrixDocument.parse(text, file: "m").rows.map(\.source) == [.name(name)])
    let federation = Federation(sites: [Site(name: name)])
    let read = try FederationDocument.parse(FederationDocument.text(of: federation), file: "f").federation
    #expect(read.sites.map(\.name) == [name])
  }

  /// What a diagnostic can't tell by itself: which files are which.
  @Test(arguments: [
    ("sites: [{name: a}]", DocumentKind.federation), ("links: {}\nsties: []", .federation),
    ("{\"vms\": []}", .application), ("name: x\nconstraints: []\nsites: []", .application),
  ])
  func kind(text: String, kind: DocumentKind) throws {
    #expect(try DocumentKind.detect(Array(text.utf8), file: "f") == kind)
    #expect(!DocumentKind.isMatrix(beginning: Array(text.utf8)[...]))
  }

  @Test func otherKinds() {
    for text in ["", "a: b", "source: a", "- a", "[", "sites"] {
      #expect(throws: DocumentError.self) { try DocumentKind.detect(Array(text.utf8), file: "f") }
    }
    for text in ["source,destination,packets", "\u{feff}source;destination", "\r\n\"packets\"\t\"ip_bytes\"\n1:2"] {
      #expect(DocumentKind.isMatrix(beginning: Array(text.utf8)[...]))
    }
  }
}
