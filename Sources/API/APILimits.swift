/// What bounds the use that anybody can make of the API.
package struct APILimits: Sendable {
  /// Connections, of all and of one address. More wait to be accepted, or are closed.
  package var connections = 256
  package var connectionsOfAddress = 64
  /// Of a request's first line and headers together, bytes.
  package var headerBytes = 16_384
  /// Of a request's body, bytes.
  package var bodyBytes = 16_384
  /// A connection without a request, and one whose request doesn't come to its end, is closed after this.
  package var idle = Duration.seconds(30)
  /// A reader that takes nothing of what is written for it is gone after this.
  package var unread = Duration.seconds(30)
  /// Queries and followers of events that go on at once, of all and of one caller.
  package var queries = 32
  package var queriesOfCaller = 8
  /// Of what is written at once, bytes; no more than twice that waits for a reader.
  package var piece = 32_768

  package init() {}
}
