import Answers
import Testing

@Suite struct FormatTests {}
