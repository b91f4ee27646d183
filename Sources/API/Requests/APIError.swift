internal import HTTPTypes
internal import Hummingbird

/// Why a request isn't answered: a status of HTTP, and words for a person.
struct APIError: Error {
  var status: HTTPResponse.Status
  var message: String
  var headers: HTTPFields
  /// For the log alone.
  var cause: String?

  init(_ status: HTTPResponse.Status, _ message: String, _ headers: HTTPFields = [:]) {
    (self.status, self.message, self.headers) = (status, message, headers)
  }

  /// `{ "error": "…" }`
  var response: Response {
    var response = Response.json(["error": message], status: status)
    for field in headers { response.headers[field.name] = field.value }
    return response
  }
}

extension APIError {
  /// RFC 6750 §3.
  ///
  /// - Parameter code: nil where the request has no token at all.
  static func unauthorized(_ message: String, code: String?) -> APIError {
    let challenge = "Bearer realm=\"transhumance\"" + (code.map { ", error=\"\($0)\"" } ?? "")
    return APIError(.unauthorized, message, [.wwwAuthenticate: challenge])
  }

  static func forbidden(_ message: String) -> APIError {
    APIError(.forbidden, message, [.wwwAuthenticate: "Bearer realm=\"transhumance\", error=\"insufficient_scope\""])
  }

  /// - Parameter status: 429 where the caller has too much of its own, 503 where all together have.
  static func busy(_ status: HTTPResponse.Status, _ message: String) -> APIError {
    APIError(status, message, [.retryAfter: "1"])
  }
}
