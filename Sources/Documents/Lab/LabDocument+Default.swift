extension LabDocument {
  /// The lab that is made without a file: two groups of four guests, each torn over two sites.
  public static let defaultText = """
    # The lab that `transhumance lab up` makes without a file: two groups of four guests, each torn over two sites.
    sites:
      - name: a
        hosts:
          - {name: a1, vcpus: 4, memoryGiB: 0.5}
          - {name: a2, vcpus: 4, memoryGiB: 0.5}
      - name: b
        hosts:
          - {name: b1, vcpus: 4, memoryGiB: 0.5}
          - {name: b2, vcpus: 4, memoryGiB: 0.5}
    links:
      plaintext: true                            # VXLAN between the sites as it is
      betweenSites: {latencyMs: 5, bandwidthMbps: 1000}
    networks:
      - {name: blue, subnet: 192.168.77.0/24, gateway: 192.168.77.254}
    guests:
      - {name: vm1, host: a1, network: blue, workload: {group: 1}}
      - {name: vm2, host: a1, network: blue, workload: {group: 2}}
      - {name: vm3, host: a2, network: blue, workload: {group: 1}}
      - {name: vm4, host: a2, network: blue, workload: {group: 2}}
      - {name: vm5, host: b1, network: blue, workload: {group: 1}}
      - {name: vm6, host: b1, network: blue, workload: {group: 2}}
      - {name: vm7, host: b2, network: blue, workload: {group: 1}}
      - {name: vm8, host: b2, network: blue, workload: {group: 2}}
    machines:
      - {name: user, site: b, address: 10.99.9.9}  # outside the federation, behind the router of b

    """
}
