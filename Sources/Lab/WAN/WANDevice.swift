import Glibc
import Linux
import Model
import SystemPackage

/// The WAN's end in a site's router: a TUN device, there as long as the relay has it open.
struct WANDevice {
  static let name = "wan0"
  static let mtu: UInt32 = 1500
  /// Packets that wait in the kernel while the relay is busy: 10 ms at 1 Gb/s and 1,400 bytes.
  static let queueLength: UInt32 = 1000

  let file: FileDescriptor

  /// Makes the device in the router's network namespace and the routes to all other sites.
  init(of site: WANConfiguration.Site, routes: [IPSubnet]) throws {
    file = try NetworkNamespace(FilePath(site.namespace)).run {
      let file = try Tap.open(Self.name, .tun)
      do {
        let index = unsafe if_nametoindex(Self.name)
        // Otherwise the router itself talks on it: neighbour discovery, that nobody answers.
        if routes.allSatisfy({ $0.address.family == .v4 }) { try Sysctl.setIPv6(Self.name, isOn: false) }
        let kernel = try NetlinkClient()
        try kernel.perform(
          .setLink(index, up: true, mtu: Self.mtu, queueLength: Self.queueLength), "set up \(Self.name) at \(site.name)"
        )
        let requests = routes.map {
          NetlinkRequest.new(Route(destination: $0, link: index), .replace)
        }
        if let failure = try kernel.perform(requests).first {
          throw failure.error.during("add the route to \(routes[failure.request].address) at \(site.name)")
        }
        return file
      } catch {
        try? file.close()
        throw error
      }
    }
    _ = fcntl(file.rawValue, F_SETFL, O_NONBLOCK)
  }
}
