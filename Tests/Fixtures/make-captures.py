#!/usr/bin/env python3
"""Makes the captures in Tests/Fixtures/captures, and beside each what tshark counts in it.

    pip install scapy; apt-get install tshark; Tests/Fixtures/make-captures.py

Packets are scapy's; the files around them are written here, byte by byte, so that every variant of the formats can be had.
`facts.csv` lists packets, IP packets, and the earliest and latest time stamp of every capture by tshark.
"""
import gzip
import os
import struct
import subprocess

from scapy.all import (
    ARP, GRE, ICMP, IP, IPv6, TCP, UDP, Dot1AD, Dot1Q, Ether, ICMPv6EchoRequest, IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, Jumbo, Pad1, PadN, Raw, RouterAlert)
from scapy.contrib.geneve import GENEVE
from scapy.contrib.gtp import GTP_U_Header
from scapy.layers.ipsec import AH
from scapy.layers.vxlan import VXLAN

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(HERE, "captures")
CHECK = os.path.join(HERE, "../../Scripts/check-against-tshark")
START = 1_795_535_161
FACTS = []


# Containers

def pcap(name, frames, link=1, snap=262144, magic=0xA1B2C3D4, order="<", start=START, lengths={}, tail=b"", modified=False):
    """Classic pcap. `lengths` gives an original length other than the frame's by index."""
    ticks = 1_000_000_000 if magic == 0xA1B23C4D else 1_000_000
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)
    for index, frame in enumerate(frames):
        frame = bytes(frame)
        data += struct.pack(order + "IIII", start + index // 10, index % 10 * ticks // 10 + index,
                            min(snap, len(frame)), lengths.get(index, len(frame)))
        if modified:
            data += struct.pack(order + "IHBB", 3, 0x0800, 0, 0)
        data += frame[:snap]
    write(name, data + tail)


def write(name, data):
    with open(os.path.join(CAPTURES, name), "wb") as file:
        file.write(data)


def padded(data):
    return data + bytes(-len(data) % 4)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + padded(value)


def block(order, kind, body):
    length = 12 + len(padded(body))
    return struct.pack(order + "II", kind, length) + padded(body) + struct.pack(order + "I", length)


def section(order, options=b""):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1) + options)


def interface(order, link, snap=0, resolution=None, offset=None, fcs=None):
    options = option(order, 2, b"eth0")
    if resolution is not None:
        options += option(order, 9, bytes([resolution]))
    if fcs is not None:
        options += option(order, 13, bytes([fcs]))
    if offset is not None:
        options += option(order, 14, struct.pack(order + "q", offset))
    return block(order, 1, struct.pack(order + "HHI", link, 0, snap) + options + option(order, 0, b""))


def enhanced(order, number, ticks, frame, original=None, options=b""):
    frame = bytes(frame)
    return block(order, 6, struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame),
                                       original or len(frame)) + padded(frame) + options)


def simple(order, frame, original=None):
    frame = bytes(frame)
    return block(order, 3, struct.pack(order + "I", original or len(frame)) + frame)


def obsolete(order, number, ticks, frame):
    frame = bytes(frame)
    return block(order, 2, struct.pack(order + "HHIIII", number, 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame),
                                       len(frame)) + padded(frame))


def facts(name, *options):
    result = subprocess.run([CHECK, "--write", *options, os.path.join(CAPTURES, name)], check=True,
                            stdout=subprocess.PIPE, text=True)
    if "--decapsulate" not in options:
        FACTS.append(result.stdout)


# Packets

def ether(payload, **fields):
    return Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", **fields) / payload


def v4(source, destination, payload, **fields):
    return IP(src=f"10.0.0.{source}", dst=f"10.0.0.{destination}", **fields) / payload


def v6(source, destination, payload, **fields):
    return IPv6(src=f"2001:db8::{source:x}", dst=f"2001:db8::{destination:x}", **fields) / payload


def tcp(size, flags="PA", **fields):
    return TCP(sport=40000, dport=5001, flags=flags, **fields) / Raw(b"x" * size)


def udp(size, port=9000):
    return UDP(sport=9001, dport=port) / Raw(b"x" * size)


def ether_type(kind, payload):
    return bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02", type=kind)) + payload


def tags():
    plain = bytes(v4(1, 2, tcp(10)))
    pcap("tags.pcap", [
        ether(Dot1Q(vlan=7) / v4(1, 2, tcp(100))),
        ether(Dot1Q(vlan=0, prio=5) / v6(1, 2, udp(20))),
        ether(Dot1AD(vlan=100) / Dot1Q(vlan=7) / v4(2, 1, tcp(0, "A"))),
        ether_type(0x9100, struct.pack(">HH", 5, 0x8100) + struct.pack(">HH", 6, 0x0800) + plain),
        ether_type(0x88A8, struct.pack(">HHHHHH", 1, 0x88A8, 2, 0x8100, 3, 0x0800) + plain),
        ether(Dot1Q(vlan=7) / ARP(psrc="10.0.0.1", pdst="10.0.0.2")),
        ether(ARP(psrc="10.0.0.1", pdst="10.0.0.2")),
        bytes(Ether(src="02:00:00:00:00:01", dst="01:80:c2:00:00:00", type=38)) + b"\x42\x42\x03" + bytes(35),
        ether_type(0x8100, b"\x00"),  # a tag that is cut
    ])
    facts("tags.pcap")
    # MPLS and PPPoE, which tshark looks through and we don't: nothing to compare.
    pcap("other.pcap", [
        ether_type(0x8847, struct.pack(">I", 0x00010140) + plain),
        ether_type(0x8864, struct.pack(">BBHHH", 0x11, 0, 1, len(plain) + 2, 0x21) + plain),
        ether_type(0x0800, b"\x45"), ether_type(0x0800, b"\x44" + plain[1:]), ether_type(0x86DD, plain)])


def extension_headers():
    hop = IPv6ExtHdrHopByHop(options=[RouterAlert()])
    jumbo = IPv6ExtHdrHopByHop(options=[Pad1(), PadN(optdata=b"\x00"), Jumbo(jumboplen=70000)])
    bare_jumbo = IPv6ExtHdrHopByHop(options=[Jumbo(jumboplen=80000)])
    frames = [
        ether(v6(1, 2, tcp(100))),
        ether(v6(1, 2, hop / tcp(50))),
        ether(v6(1, 2, hop / IPv6ExtHdrRouting(addresses=["2001:db8::9"]) / IPv6ExtHdrDestOpt() / tcp(33))),
        ether(v6(1, 2, AH(spi=1, seq=1, icv=bytes(12)) / udp(10))),
        ether(v6(2, 1, IPv6ExtHdrFragment(id=7, m=1) / UDP(sport=1, dport=2, len=2000, chksum=1) / Raw(bytes(1000)))),
        ether(v6(2, 1, IPv6ExtHdrFragment(id=7, offset=126) / Raw(bytes(992)), nh=44)),
        ether(v6(2, 3, b"", nh=59, plen=0)),
        ether(v6(2, 3, ICMPv6EchoRequest(data=b"abc"))),
        ether(v6(3, 2, Raw(bytes(40)), nh=50)),
        ether(v6(3, 1, jumbo / tcp(1000), plen=0)),
        ether(v6(3, 1, bare_jumbo / tcp(1000), plen=0)),
        Ether(src="02:00:00:00:00:01", dst="33:33:00:00:00:01") / IPv6(src="fe80::1", dst="ff02::1") / udp(4),
        ether(IPv6(src="::", dst="::1") / udp(4)),
        ether(IPv6(src="::ffff:10.0.0.1", dst="64:ff9b::a00:2") / udp(4)),
    ]
    pcap("extension-headers.pcap", frames, lengths={9: 14 + 40 + 70000, 10: 14 + 40 + 80000})
    facts("extension-headers.pcap")


def fragments():
    whole = bytes(udp(3000))
    frames = [ether(IP(src="10.0.0.1", dst="10.0.0.2", id=9, flags="MF" if offset < 2960 else 0, frag=offset // 8, proto=17)
                    / Raw(whole[offset:offset + 1480])) for offset in (0, 1480, 2960)]
    stream = bytes(tcp(2000))
    frames += [ether(IP(src="10.0.0.2", dst="10.0.0.1", id=10, flags="MF" if offset < 1480 else 0, frag=offset // 8, proto=6)
                     / Raw(stream[offset:offset + 1480])) for offset in (0, 1480)]
    frames.append(ether(v4(2, 1, ICMP(type=3, code=3) / v4(1, 2, udp(10)))))
    pcap("fragments.pcap", frames)
    facts("fragments.pcap")


def cooked():
    def sll(kind, protocol, payload):
        return struct.pack(">HHH8sH", kind, 1, 6, b"\x02\x00\x00\x00\x00\x01\x00\x00", protocol) + bytes(payload)

    def sll2(kind, protocol, payload):
        return struct.pack(">HHIHBB8s", protocol, 0, 3, 1, kind, 6, b"\x02\x00\x00\x00\x00\x01\x00\x00") + bytes(payload)

    for name, link, wrap in [("cooked.pcap", 113, sll), ("cooked-2.pcap", 276, sll2)]:
        pcap(name, [
            wrap(0, 0x0800, v4(1, 2, tcp(100))),
            wrap(4, 0x0800, v4(2, 1, tcp(40))),
            wrap(0, 0x86DD, v6(1, 2, udp(30))),
            wrap(1, 0x0800, IP(src="10.0.0.1", dst="10.0.0.255") / udp(5)),
            wrap(0, 0x0806, ARP(psrc="10.0.0.1", pdst="10.0.0.2")),
            wrap(0, 0x8100, struct.pack(">HH", 5, 0x0800) + bytes(v4(1, 2, tcp(7)))),
            wrap(0, 0x0004, bytes(20)),
        ], link=link)
        facts(name)


def raw():
    mixed = [v4(1, 2, tcp(100)), v6(1, 2, tcp(100)), v4(2, 1, udp(9))]
    for link in (12, 14, 101):
        pcap(f"raw-{link}.pcap", mixed, link=link)
        facts(f"raw-{link}.pcap")
    pcap("raw-228.pcap", mixed[::2], link=228)
    facts("raw-228.pcap")
    pcap("raw-229.pcap", mixed[1:2], link=229)
    facts("raw-229.pcap")


def loopback():
    def frames(order, families):
        return [struct.pack(order + "I", 2) + bytes(IP(src="127.0.0.1", dst="127.0.0.1") / tcp(10))] + [
            struct.pack(order + "I", family) + bytes(v6(1, 2, udp(family))) for family in families
        ] + [struct.pack(order + "I", 7) + bytes(20)]
    pcap("loopback.pcap", frames("<", [24, 28, 30]), link=0)
    pcap("loopback-big.pcap", frames(">", [24, 28, 30]), link=0, order=">")
    pcap("loopback-108.pcap", frames(">", [24]), link=108)
    for name in ("loopback.pcap", "loopback-big.pcap", "loopback-108.pcap"):
        facts(name)


def snapped():
    frames = [ether(v4(1, 2, tcp(1000))), ether(v6(1, 2, tcp(1000))), ether(Dot1Q(vlan=1) / v4(2, 1, udp(1400)))]
    pcap("snap-64.pcap", frames, snap=64)
    pcap("snap-60.pcap", frames, snap=60)
    # At 34 bytes IPv4's fixed header is just there, IPv6's and the tagged one's are not.
    pcap("snap-34.pcap", frames, snap=34)
    facts("snap-64.pcap")
    facts("snap-60.pcap")


def variants():
    frames = [ether(v4(1, 2, tcp(100))), ether(v4(2, 1, tcp(60))), ether(v4(1, 3, udp(20)))]
    pcap("nanoseconds.pcap", frames, magic=0xA1B23C4D)
    pcap("big-endian.pcap", frames, order=">")
    pcap("big-endian-nanoseconds.pcap", frames, order=">", magic=0xA1B23C4D)
    pcap("modified.pcap", frames, magic=0xA1B2CD34, modified=True)
    pcap("fcs.pcap", [bytes(frame) + b"\x01\x02\x03\x04" for frame in frames], link=0x2400_0001)
    for name in ("nanoseconds.pcap", "big-endian.pcap", "big-endian-nanoseconds.pcap", "modified.pcap"):
        facts(name)
    facts("fcs.pcap", "--fcs", "4")
    # The same as big-endian.pcap, in three members, of which the second is empty.
    data = open(os.path.join(CAPTURES, "big-endian.pcap"), "rb").read()
    write("members.pcap.gz", b"".join(gzip.compress(part, mtime=0) for part in (data[:100], b"", data[100:])))
    facts("members.pcap.gz")


def bomb():
    # A header, and 4 MiB of zeros to repeat behind it as often as one wants, each time a member of its own.
    write("bomb-head.gz", gzip.compress(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1), mtime=0))
    write("bomb-tail.gz", gzip.compress(bytes(4 << 20), mtime=0))


def offload():
    # What a sensor sees of segmentation offload: buffers whose length the IP header doesn't or can't say.
    frames = [ether(v4(1, 2, tcp(1000), len=0)), ether(v4(1, 2, tcp(40000)))]
    pcap("offload.pcap", frames, snap=128)
    facts("offload.pcap")


def tunnels():
    inner = v4(1, 2, tcp(100))
    inner6 = v6(1, 2, tcp(100))
    frame = Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b")

    def outer(payload, **fields):
        return ether(IP(src="192.0.2.1", dst="192.0.2.2", **fields) / payload)

    def outer6(payload, **fields):
        return ether(IPv6(src="2001:db8:ff::1", dst="2001:db8:ff::2", **fields) / payload)

    key = GRE(key_present=1, key=7, seqnum_present=1, seqence_number=9, proto=0x0800)
    vxlan = UDP(sport=50000, dport=4789) / VXLAN(vni=42, flags=8)
    frames = [
        outer(inner), outer(inner6), outer6(inner), outer6(inner6),
        outer(GRE() / inner), outer(key / inner), outer(GRE(proto=0x6558) / frame / inner6),
        outer(vxlan / frame / inner), outer(vxlan / frame / Dot1Q(vlan=5) / v4(3, 4, udp(10))), outer6(vxlan / frame / inner6),
        outer(vxlan / frame / ARP(psrc="10.0.0.1", pdst="10.0.0.2")),
        outer(UDP(sport=50000, dport=6081) / GENEVE(vni=42, proto=0x6558) / frame / v4(5, 6, udp(1))),
        outer(UDP(sport=2152, dport=2152) / GTP_U_Header(teid=1, gtp_type=255) / v4(7, 8, udp(1))),
        outer(UDP(sport=2152, dport=2152) / bytes.fromhex("36ff0026000000010001000000000000")[:12]
              / v4(7, 9, udp(2))),
        outer(vxlan / frame / IP(src="172.16.0.1", dst="172.16.0.2") / GRE() / v4(9, 10, tcp(5))),
    ]
    pcap("tunnels.pcap", frames)
    facts("tunnels.pcap")
    facts("tunnels.pcap", "--decapsulate")


def sections():
    second = 10**9
    a, b, c = ether(v4(1, 2, tcp(100))), ether(v4(2, 1, tcp(60))), v4(1, 3, udp(20))
    little = (
        section("<", option("<", 4, b"make-captures") + option("<", 0, b""))
        + interface("<", 1, resolution=9) + interface("<", 101) + interface("<", 1, snap=70, resolution=0x80 | 10)
        + block("<", 0x40000001, b"unknown " * 5)
        + enhanced("<", 0, START * second + 1, a, options=option("<", 2, struct.pack("<I", 1)) + option("<", 0, b""))
        + enhanced("<", 1, START * 10**6 + 500_000, c)
        + enhanced("<", 2, (START + 1) * 1024 + 512, bytes(b)[:70], original=len(bytes(b)))
        + block("<", 4, struct.pack("<HH", 0, 0))  # name resolution, empty
        + obsolete("<", 0, (START + 2) * second, b)
        + simple("<", a)
        + block("<", 5, struct.pack("<III", 0, 0, 0)))  # statistics
    big = (
        section(">") + interface(">", 1, resolution=3, offset=START) + interface(">", 276)
        + enhanced(">", 0, 3500, a)
        + enhanced(">", 1, (START + 4) * 10**6, struct.pack(">HHIHBB8s", 0x86DD, 0, 3, 1, 0, 6, bytes(8)) + bytes(v6(1, 2, udp(3)))))
    write("sections.pcapng", little + big)
    facts("sections.pcapng")
    write("fcs.pcapng", section("<") + interface("<", 1, fcs=4)
          + enhanced("<", 0, START * 10**6, bytes(a) + b"\x01\x02\x03\x04"))
    facts("fcs.pcapng", "--fcs", "4")
    write("no-packets.pcapng", section("<") + interface("<", 1))
    pcap("no-packets.pcap", [])


def periods():
    # Three periods of 30 s out of order, and a packet before 1970 has no place in pcap: the earliest it can hold is 0.
    frames = [ether(v4(1, 2, tcp(10))), ether(v4(1, 2, tcp(20))), ether(v4(2, 1, tcp(30))), ether(v4(1, 2, tcp(40)))]
    times = [60.0, 29.999999, 30.0, 0.0]
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
    for frame, time in zip(frames, times):
        frame = bytes(frame)
        data += struct.pack("<IIII", int(time), round(time % 1 * 1e6), len(frame), len(frame)) + frame
    write("periods.pcap", data)
    facts("periods.pcap")


if __name__ == "__main__":
    os.makedirs(CAPTURES, exist_ok=True)
    for make in (tags, extension_headers, fragments, cooked, raw, loopback, snapped, variants, bomb, offload, tunnels, sections,
                 periods):
        make()
    with open(os.path.join(CAPTURES, "facts.csv"), "w") as file:
        file.write("name,packets,ip_packets,start,end\n" + "".join(FACTS))
