import Testing

/// The script for bash, asked as the shell asks it.
@Suite struct CompletionTests {
  private func completions(of words: String) async throws -> [Substring] {
    let shell = try await Command.shell(
      """
      command -v bash > /dev/null || { echo no bash; exit 0; }
      $TRANSHUMANCE --generate-completion-script bash > /tmp/transhumance-$$.bash
      PATH=$(dirname "$TRANSHUMANCE"):$PATH bash -c '
        source "$1"
        cd Examples
        read -ra COMP_WORDS <<< "$2"
        [[ $2 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE=$2
        COMP_POINT=${#COMP_LINE}
        _transhumance transhumance "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\\n" "${COMPREPLY[@]}"' bash /tmp/transhumance-$$.bash '\(words)'
      rm /tmp/transhumance-$$.bash
      """)
    return shell.output.split(separator: "\n").map { $0.last == " " ? $0.dropLast() : $0 }
  }

  @Test(arguments: [
    ("transhumance analyze cg", ["cg.A.8.pcap.gz", "cg.yaml"]), ("transhumance validate fed", ["federation.yaml"]),
    ("transhumance plan --federation ", ["cg.yaml", "federation.yaml", "lab.yaml", "mg.yaml", "new.yaml", "scenarios"]),
    ("transhumance plan --traffic mg.A", ["mg.A.8.pcap.gz"]),
    ("transhumance pl", ["place", "plan"]), ("transhumance analyze --method ", ["leiden", "report"]),
  ])
  func completes(words: String, expected: [String]) async throws {
    let found = try await completions(of: words)
    guard found != ["no bash"] else { return }
    #expect(found.sorted() == expected.map { $0[...] })
  }
}
