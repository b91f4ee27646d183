/// How long to wait for a connection before trying anew.
///
/// A SYN sent before the peer's network is up is repeated by the kernel after 1, 3, 7, 15, 31 s (RFC 6298): half a
/// minute can pass in which both are ready. So an attempt is given up after half a second; every fourth has longer, for
/// slow paths.
public enum Retry {
  public static func milliseconds(attempt: Int) -> Int {
    attempt % 4 == 3 ? 4000 : 500
  }
}
