import CGuest

@main
enum Main {
  static let usage = """
    transhumance-guest: the program of the lab's guests

      serve --name NAME                     answer: echo, probes, bulk and requests on ports 7001 to 7003
      work --name NAME --ring IP,IP,… --rank N [--message-bytes 14000] [--exchanges 20] [--requests 0]
           [--work 100000] [--pause-ms 20] [--port 7000] [--phase N]
                                            a rank of a message-passing program
      probe IP [--rate 1000] [--seconds 10] [--bytes 64] [--replies yes]
                                            numbered datagrams; prints what became of the replies
      talk IP [--seconds 10] [--bytes 1000] [--pause-ms 1]
                                            one connection, data both ways, checked
      bulk IP [--megabytes 100 | --seconds 10]  one connection, data one way, checked
      request IP WORDS…                     have the guest at IP run probe, talk or bulk, begin `phase N`,
                                            or print `received`
    """

  static func main() {
    // A peer that is gone is seen where one writes.
    guest_ignore(SIGPIPE)
    let words = Console.words(of: "/proc/self/cmdline").dropFirst()
    do throws(Failure) {
      guard let verb = words.first else { throw Failure(usage) }
      if verb == "request" {
        return try request(Array(words.dropFirst()))
      }
      let arguments = try Arguments(words.dropFirst())
      switch verb {
      case "serve": try Server(arguments).run()
      case "work":
        var work = try Work(arguments)
        try work.run()
      case "probe": try probe(arguments)
      case "talk": try talk(arguments)
      case "bulk": try bulk(arguments)
      case "help", "--help": Console.print(usage)
      default: throw Failure("unknown verb \(verb)\n\(usage)")
      }
    } catch {
      Console.complain("\(error)")
      exit(1)
    }
  }
}

/// Ports that the program uses; those of `serve` are the same in every guest.
enum Port {
  static let ring: UInt16 = 7000
  /// UDP: probes. TCP: whatever comes goes back.
  static let echo: UInt16 = 7001
  static let bulk: UInt16 = 7002
  static let requests: UInt16 = 7003
}
