import ArgumentParser
import Foundation

/// Refuses an option that is given twice and takes one value: the argument parser would take the last without a word.
///
/// Asked of every command line before it is parsed. What options a command has is what the argument parser tells of it.
enum RepeatedOptions {
  /// - Parameter words: after the program's name.
  /// - Throws: a failure in usage, where an option is repeated.
  static func refuse(in words: [String]) throws {
    let words = Array(words.prefix { $0 != "--" })
    let names = words.filter { $0.hasPrefix("-") }.map { $0.prefix { $0 != "=" } }
    // Nothing can be repeated, under its long or short name: the parser needn't be asked.
    guard Set(names).count < names.count || names.contains(where: { $0.count == 2 }) else { return }
    guard !names.contains("--help"), !names.contains("-h"), let command = CommandDescription(of: words) else { return }
    var given: [CommandDescription.Argument: Int] = [:]
    var rest = words[...]
    while let word = rest.popFirst() {
      guard let option = command.option(word) else { continue }
      given[option, default: 0] += 1
      let takesNext = option.parsingStrategy == "unconditional" || rest.first?.hasPrefix("-") == false
      if !word.contains("="), takesNext { rest = rest.dropFirst() }
    }
    let repeated = given.filter { $0.value > 1 && !$0.key.isRepeating }.map { ($0.key.spelling, $0.value) }
    guard let (option, count) = repeated.min(by: <) else { return }
    throw CommandFailure.usage("\(option) is given \(count == 2 ? "twice" : "\(count) times"): it takes one value")
  }
}

/// A command with its options, as `--experimental-dump-help` of the argument parser tells of it; the fields of
/// interest.
private struct CommandDescription: Decodable {
  struct Argument: Decodable, Hashable {
    struct Name: Decodable, Hashable {
      /// `long`, `short` or `longWithSingleDash`
      var kind: String
      var name: String

      var spelling: String { (kind == "long" ? "--" : "-") + name }
    }

    /// `positional`, `option` or `flag`
    var kind: String
    var isRepeating: Bool
    var parsingStrategy: String
    var names: [Name]?

    var spelling: String { (names?.first { $0.kind == "long" } ?? names?.first)?.spelling ?? "" }
  }

  var commandName: String
  var defaultSubcommand: String?
  var subcommands: [CommandDescription]?
  var arguments: [Argument]?

  private struct Document: Decodable {
    var command: CommandDescription
  }

  /// The command that the words before the first option name; nil where there is none: the parser says so.
  init?(of words: [String]) {
    let path = words.prefix { !$0.hasPrefix("-") }
    do {
      _ = try Transhumance.parseAsRoot(path + ["--experimental-dump-help"])
      return nil
    } catch {
      let text = Transhumance.fullMessage(for: error)
      guard let document = try? JSONDecoder().decode(Document.self, from: Data(text.utf8)) else { return nil }
      let command = document.command
      self = command.subcommands?.first { $0.commandName == command.defaultSubcommand } ?? command
    }
  }

  /// The option that a word names.
  func option(_ word: String) -> Argument? {
    let name = word.prefix { $0 != "=" }
    return arguments?.first { argument in
      argument.kind == "option" && argument.names?.contains { $0.spelling == name } == true
    }
  }
}
