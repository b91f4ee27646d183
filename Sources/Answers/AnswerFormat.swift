/// How an answer is written.
package enum AnswerFormat: String, CaseIterable, Sendable {
  case json, csv, xml, gnuplot, dot
}
