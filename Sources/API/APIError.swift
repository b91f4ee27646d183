internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Why a request is answered with an error: a status of HTTP, and words for a person.
struct APIError: HTTPResponseError {
  var status: HTTPResponse.Status
  var message: String

  func response(from request: Request, context: some RequestContext) throws -> Response {
    let body = try JSONEncoder().encode(["error": message])
    return Response(
      status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}
