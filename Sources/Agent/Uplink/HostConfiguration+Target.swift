internal import GRPCNIOTransportHTTP2
internal import Model

extension HostConfiguration.Controller {
  var target: any ResolvableTarget {
    address.family == .v4 ? .ipv4(address: "\(address)", port: port) : .ipv6(address: "\(address)", port: port)
  }
}
