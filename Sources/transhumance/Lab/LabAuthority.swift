import Lab
import Linux
import Model
import Trust

/// The authority of a lab with certificates.
enum LabAuthority {
  /// Makes it in the lab's folder, with a certificate for each host.
  @Sendable static func make(_ lab: LabDescription, in folder: LabFolder) throws {
    do {
      let authority = AuthorityFolder(path: folder.authority)
      _ = try authority.create(name: "lab", at: .now)
      for place in lab.hosts {
        let key = KeyPair()
        // By its address libvirtd is dialled.
        let order = CertificateOrder(
          try Identity(.host, place.host.name), names: [.address(place.address)], for: key)
        let credentials = try Credentials(authority.issue(order, at: .now, by: "lab up"), key: key)
        try credentials.create(
          certificate: folder.certificate(of: place.host.name), key: folder.key(of: place.host.name))
      }
    } catch {
      throw LabError("the lab's certificates can't be made: \(error)")
    }
  }
}
