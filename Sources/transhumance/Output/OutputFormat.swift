import ArgumentParser

/// Formats of `plan`, `place` and `validate`.
enum DocumentFormat: String, CaseIterable, ExpressibleByArgument { case table, json, csv }

/// Formats of `analyze`.
enum AnalysisFormat: String, CaseIterable, ExpressibleByArgument { case table, json, csv, dot }
