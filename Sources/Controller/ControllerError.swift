/// Why a controller can't run, and what to do.
package struct ControllerError: Error, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}
