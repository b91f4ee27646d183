// Values of the model that can be given on the command line by the names that files use.
public import ArgumentParser
public import Documents
public import Model
public import Planning

extension DocumentKind: ExpressibleByArgument {}
extension Measure: ExpressibleByArgument {}
extension Grouping.Method: ExpressibleByArgument {}
extension Objective: ExpressibleByArgument {}
