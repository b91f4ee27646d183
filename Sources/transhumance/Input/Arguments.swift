// Values of the model that can be given on the command line by the names that files use.
public import ArgumentParser
public import Documents
public import Model
public import Planning
public import Traffic

extension DocumentKind: ExpressibleByArgument {}
extension Measure: ExpressibleByArgument {}
extension Grouping.Method: ExpressibleByArgument {}
extension Objective: ExpressibleByArgument {}
extension QueryParameters.Endpoints: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
  /// ISO 8601 with a time zone.
  public init?(argument: String) { self.init(argument) }
}
