internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Response {
  /// A document on one line, keys sorted.
  static func json(_ document: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
    let text = JSONText.line(document)
    return Response(status: status, headers: .plain("application/json"), body: .init(byteBuffer: .init(bytes: text)))
  }

  /// The same, of a length that isn't known to be small.
  ///
  /// - Parameters:
  ///   - count: bytes of what is written at once.
  ///   - slot: is taken until all is written.
  static func json(_ document: some Encodable, pieces count: Int, while slot: Slots.Slot) -> Response {
    let text = JSONText.line(document)
    let body = ResponseBody(contentLength: text.count) { writer in
      try await writer.write(text, pieces: count)
      try await writer.finish(nil)
      withExtendedLifetime(slot) {}
    }
    return Response(status: .ok, headers: .plain("application/json"), body: body)
  }
}

extension ResponseBodyWriter {
  /// Waits for the reader after each piece.
  @concurrent mutating func write(_ bytes: [UInt8], pieces count: Int) async throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      try await write(ByteBuffer(bytes: rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
  }
}

/// Documents as they are sent.
enum JSONText {
  /// On one line, ended; keys sorted.
  static func line(_ document: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Numbers that JSON doesn't have are in none of our documents.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return [UInt8]((try? encoder.encode(document)) ?? Data("{}".utf8)) + [UInt8(ascii: "\n")]
  }
}

extension HTTPFields {
  /// What every answer says: nothing of it is to be kept, or taken for anything else.
  static func plain(_ type: String) -> HTTPFields {
    [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"]
  }
}
