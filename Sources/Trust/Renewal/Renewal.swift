package import Model

/// When a certificate is to be renewed: once two thirds of its lifetime have passed, and not all hosts at once.
///
/// A value that is asked what to do at a time, and told what became of it. After a success there is another
/// certificate, and so another value.
package struct Renewal: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    /// Nothing before then.
    case wait(until: Timestamp)
    case renew
    /// Too late: it takes a token to join anew.
    case expired
  }

  private let notAfter: Timestamp
  private var next: Timestamp
  private var failures = 0

  /// After the first failure, and at most; both within a fifth.
  private static let (firstPause, longestPause) = (30.0, 3600.0)

  /// - Parameter notBefore: when the certificate became good; with `notAfter`, its lifetime.
  package init(notBefore: Timestamp, notAfter: Timestamp, using generator: inout some RandomNumberGenerator) {
    self.notAfter = notAfter
    let lifetime = notAfter.seconds - notBefore.seconds
    next = notBefore.advanced(bySeconds: lifetime * Double.random(in: 2.0 / 3...0.75, using: &generator))
  }

  package func action(at now: Timestamp) -> Action {
    if now >= notAfter { return .expired }
    return now < next ? .wait(until: next) : .renew
  }

  /// It couldn't be renewed; later again, and before it ends.
  package mutating func failed(at now: Timestamp, using generator: inout some RandomNumberGenerator) {
    let pause = min(Self.firstPause * Double(1 << min(failures, 20)), Self.longestPause)
    failures += 1
    next = min(now.advanced(bySeconds: pause * Double.random(in: 0.8...1.2, using: &generator)), notAfter)
  }
}

extension Credentials {
  /// Counted from when the certificate was made, which is some time after it became good.
  package func renewal(using generator: inout some RandomNumberGenerator) -> Renewal {
    let made = notBefore.advanced(byNanoseconds: Authority.backdating)
    return Renewal(notBefore: made < notAfter ? made : notBefore, notAfter: notAfter, using: &generator)
  }
}
