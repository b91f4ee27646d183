import Answers
import Foundation
import Testing
import Traffic
import Wire

/// Documents against texts written by hand.
@Suite struct AnswerTextTests {
  private let detail = Messages.query()
  private let mean = Messages.query { $0.answer = .mean }

  @Test func jsonOfADetail() throws {
    #expect(
      Messages.text(.json, Messages.detail, of: detail) == #"""
        {
        "answer": "detail",
        "approximated": null,
        "by": "pair",
        "end": "2026-11-24T15:47:00Z",
        "exact": false,
        "gaps": [],
        "missingHosts": ["b1"],
        "rolledUpUntil": "2026-11-24T15:47:00Z",
        "start": "2026-11-24T15:46:00Z",
        "periods": [
        {
        "complete": true,
        "missingHosts": [],
        "pairs": [
        {"bySender":false,"destination":"vm2","frameBytes":4560,"ipBytes":4000,"packets":40,"sentPackets":42,"source":"vm1","waits":4},
        {"bySender":false,"destination":"vm1","frameBytes":2280,"ipBytes":2000,"packets":20,"source":"vm2","waits":2},
        {"bySender":true,"destination":"vm1","frameBytes":57,"ipBytes":50,"packets":0.5,"sentPackets":0.5,"source":"vm\"<&>,3","waits":0.05}
        ],
        "parts": 1,
        "seconds": 30,
        "start": "2026-11-24T15:46:00Z"
        },
        {
        "complete": false,
        "missingHosts": ["b1"],
        "pairs": [],
        "parts": 10,
        "seconds": 30,
        "start": "2026-11-24T15:46:30Z"
        }
        ]
        }

        """#)
  }

  @Test func jsonOfAMean() throws {
    let weighted = Messages.query {
      $0.answer = .weights([1, 0.5])
      $0.endpoints = .site
    }
    let text = Messages.text(.json, Messages.mean, of: weighted)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["answer"] as? String == "weighted")
    #expect(document["weights"] as? [Double] == [1, 0.5])
    #expect(document["by"] as? String == "site")
    #expect(document["gaps"] as? [String] == ["2026-11-24T15:46:30Z"])
    #expect((document["approximated"] as? [String: String])?["from"] == "2026-11-24T15:47:00Z")
    let pairs = try #require(document["pairs"] as? [[String: Any]])
    #expect(pairs.map { $0["packets"] as? Double } == [70, 1e21])
    #expect(pairs[0]["sentPackets"] as? Double == 212.0 / 3)
    // Nothing at all is a document, too.
    let empty = Messages.text(.json, [Messages.header(to: 30)], of: mean)
    #expect(try (JSONSerialization.jsonObject(with: Data(empty.utf8)) as? [String: Any])?["pairs"] as? [Int] == [])
    let none = Messages.text(.json, [Messages.header(to: 30)], of: detail)
    #expect(try (JSONSerialization.jsonObject(with: Data(none.utf8)) as? [String: Any])?["periods"] as? [Int] == [])
  }

  @Test func csv() {
    #expect(
      Messages.text(.csv, Messages.detail, of: detail) == """
        start,seconds,source,destination,packets,frame_bytes,ip_bytes,waits,sent_packets,by_sender,parts
        2026-11-24T15:46:00Z,30,vm1,vm2,40,4560,4000,4,42,false,1
        2026-11-24T15:46:00Z,30,vm2,vm1,20,2280,2000,2,,false,1
        2026-11-24T15:46:00Z,30,"vm""<&>,3",vm1,0.5,57,50,0.05,0.5,true,1

        """)
    #expect(
      Messages.text(.csv, [Messages.header(to: 30), Messages.pairs([("a", "b", 70, nil, true)])], of: mean) == """
        source,destination,packets,frame_bytes,ip_bytes,waits,sent_packets,by_sender
        a,b,70,7980,7000,7,,true

        """)
  }

  @Test func dot() {
    #expect(
      Messages.text(.dot, Messages.detail, of: detail) == #"""
        digraph traffic {
          graph [label="2026-11-24T15:46:00Z", labelloc=t];
          node [shape=box];
          "vm1" -> "vm2" [label="40", packets=40, frame_bytes=4560, ip_bytes=4000, waits=4];
          "vm2" -> "vm1" [label="20", packets=20, frame_bytes=2280, ip_bytes=2000, waits=2];
          "vm\"<&>,3" -> "vm1" [label="0.5", packets=0.5, frame_bytes=57, ip_bytes=50, waits=0.05];
        }
        digraph traffic {
          graph [label="2026-11-24T15:46:30Z, incomplete, 10 periods added up", labelloc=t];
          node [shape=box];
        }

        """#)
    let backslash = [Messages.header(to: 30), Messages.pairs([("a\\", "b\n", 1, nil, false)])]
    #expect(
      Messages.text(.dot, backslash, of: mean) == #"""
        digraph traffic {
          graph [label="mean, 2026-11-24T15:46:00Z to 2026-11-24T15:46:30Z", labelloc=t];
          node [shape=box];
          "a\\" -> "b" [label="1", packets=1, frame_bytes=114, ip_bytes=100, waits=0.1];
        }

        """#)
  }

  @Test func gnuplot() {
    #expect(
      Messages.text(.gnuplot, Messages.detail, of: detail) == #"""
        # detail by pair, 2026-11-24T15:46:00Z to 2026-11-24T15:47:00Z, not exact
        # 1:time 2:seconds 3:x 4:y 5:packets 6:frame_bytes 7:ip_bytes 8:waits 9:sent_packets 10:source 11:destination
        # 2026-11-24T15:46:00Z
        1795535160 30 0 1 40 4560 4000 4 42 "vm1" "vm2"
        1795535160 30 1 0 20 2280 2000 2 NaN "vm2" "vm1"
        1795535160 30 2 0 0.5 57 50 0.05 0.5 "vm'<&>,3" "vm1"


        # 2026-11-24T15:46:30Z, incomplete, 10 periods added up

        """#)
  }

  /// A quote with a combining mark after it is one character, and a quote to whoever reads the bytes.
  @Test func marksThatCombineWithSyntaxHideNothing() {
    let mark = "\u{301}"
    let rows: [Messages.Row] = [
      ("q\"\(mark)", "b\\\(mark)", 1, nil, false),
      ("c,\(mark)", "n\n\(mark)", 1, nil, false),
    ]
    let messages = [Messages.header(to: 30), Messages.pairs(rows)]
    func has(_ format: AnswerFormat, _ words: String) -> Bool {
      Array(Messages.text(format, messages, of: mean).utf8).contains(Array(words.utf8))
    }
    #expect(has(.csv, "\n\"q\"\"\(mark)\",b\\\(mark),1,"))
    #expect(has(.csv, "\n\"c,\(mark)\",\"n\n\(mark)\",1,"))
    #expect(has(.dot, "\"q\\\"\(mark)\" -> \"b\\\\\(mark)\" ["))
    #expect(has(.gnuplot, " \"q'\(mark)\" \"b\\\(mark)\"\n"))
    #expect(has(.json, "\"source\":\"q\\\"\(mark)\""))
    #expect(has(.xml, "source=\"q&quot;\(mark)\""))
  }

  /// A row whose columns aren't all there is left out, wherever the message comes from.
  @Test func brokenRowsAreLeftOut() {
    var short = Messages.pairs([("a", "b", 1, nil, false), ("a", "c", 2, nil, false)])
    short.pairs.waits.removeLast()
    var wild = Messages.pairs([("a", "b", 3, nil, false)])
    wild.pairs.source[0] = 7
    let text = Messages.text(.csv, [Messages.header(to: 30), short, wild], of: mean)
    #expect(text.split(separator: "\n").count == 2)
    for format in AnswerFormat.allCases {
      #expect(Messages.text(format, [], of: mean).isEmpty)
    }
  }
}
