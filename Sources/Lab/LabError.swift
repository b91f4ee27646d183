/// Why the lab can't do what was asked, for a person: what is wrong, and what to do.
package struct LabError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  package init(_ message: String) {
    description = message
  }
}
