import ArgumentParser

/// Formats of `plan` and `place`; `validate` has no CSV.
enum DocumentFormat: String, CaseIterable, ExpressibleByArgument { case table, json, csv }

/// Formats of `analyze`.
enum AnalysisFormat: String, CaseIterable, ExpressibleByArgument { case table, json, csv, dot }
