/// How an answer is written for programs.
public enum AnswerFormat: String, CaseIterable, Hashable, Sendable {
  case json, csv, xml, gnuplot, dot
}
