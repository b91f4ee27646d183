"""What moves are compared with: the same guest, moved by virsh, without a network or in bridges that learn."""
import collections
import os
import pathlib
import re
import time

from measured_lab import HOSTS, Background, Capture, console
from probing import AFTER, FAST, SLOW, probes, summary

LEARNT = "192.168.79.2"


def clone(lab, name, mac, tap, address=None):
    """Starts at a1 a guest with vm2's kernel, memory and processor, on a tap of its own that is at both hosts."""
    document = lab.inside("a1", "virsh", "dumpxml", "vm2")
    document = re.sub(r"<uuid>.*?</uuid>\s*|<seclabel.*?</seclabel>\s*", "", document, flags=re.S)
    document = document.replace("<name>vm2<", f"<name>{name}<").replace("52:54:00:00:01:02", mac)
    document = document.replace("th525400000102", tap).replace("vm2.log", f"{name}.log")
    document = document.replace("th.name=vm2", f"th.name={name}")
    if address:
        document = document.replace("192.168.77.2/24", f"{address}/24")
        document = document.replace("192.168.77.254", address.rpartition(".")[0] + ".254")
    path = f"/tmp/transhumance-moves-{os.getpid()}.xml"
    pathlib.Path(path).write_text(document)
    try:
        lab.inside("a1", "virsh", "create", path)
    finally:
        os.unlink(path)
    end = time.monotonic() + 60
    while "ready" not in console(name) and time.monotonic() < end:
        time.sleep(0.5)
    time.sleep(3)


def virsh(lab, name, here, there):
    """Moves it, and gives the document that our command would give."""
    begin = time.time()
    text = lab.shell(here, f"date +%s.%N; virsh migrate --live --p2p {name} qemu+tcp://{there}/system >/dev/null; "
                     "echo $?; date +%s.%N", seconds=120)
    start, code, finish = text.split()
    job = lab.inside(there, "virsh", "domjobinfo", name, "--completed", check=False)
    downtime = re.search(r"Total downtime: *(\d+)", job)
    return {"from": here, "to": there, "result": "done" if code == "0" else "failed", "start": begin,
            "end": time.time(), "totalSeconds": float(finish) - float(start) if code == "0" else None,
            "downtimeSeconds": int(downtime[1]) / 1000 if downtime else None}


def bare(lab, options, pairs=6):
    """Time of our move and of virsh's, of guests alike, in turns; virsh's has a tap that no bridge has."""
    for host in ("a1", "b1"):
        lab.shell(host, "ip tuntap add bare0 mode tap vnet_hdr && ip link set bare0 mtu 1450 up")
    clone(lab, "bare", "52:54:00:00:09:01", "bare0")
    ours, theirs = [], []
    for number in range(pairs):
        here, there = ("a1", "b1") if number % 2 == 0 else ("b1", "a1")
        ours.append(lab.migrate("vm2", there).get("totalSeconds"))
        time.sleep(1)
        theirs.append(virsh(lab, "bare", here, there)["totalSeconds"])
        time.sleep(1)
    lab.shell("a1" if pairs % 2 == 0 else "b1", "virsh destroy bare", check=False)
    for host in ("a1", "b1"):
        lab.shell(host, "ip link delete bare0", check=False)
    return {"transhumance": ours, "virsh": theirs}


def learning(lab, options):
    """A guest in bridges and a VXLAN that learn from frames and flood what they don't know; QEMU announces by RARP."""
    for host, other in (("a1", "b1"), ("b1", "a1")):
        lab.shell(host, f"""
            set -e
            ip link add learn0 type bridge; ip link set learn0 mtu 1450 up
            ip link add learnx mtu 1450 type vxlan id 998 dstport 4798 local {HOSTS[host]}
            ip link set learnx master learn0 up
            bridge fdb append 00:00:00:00:00:00 dev learnx dst {HOSTS[other]} self
            ip tuntap add learn1 mode tap vnet_hdr; ip link set learn1 mtu 1450 master learn0 up""")
    lab.shell("a1", "ip address add 192.168.79.254/24 dev learn0")
    clone(lab, "learn", "52:54:00:00:09:02", "learn1", LEARNT)
    try:
        return through_learning(lab, options)
    finally:
        for host in ("a1", "b1"):
            lab.shell(host, "virsh destroy learn; for x in learn1 learnx learn0; do ip link delete $x; done", check=False)


def through_learning(lab, options):
    duration = 6 * options.moves + 8
    captures = {host: Capture(lab, host, "any", "udp port 7001") for host in ("a1", "b1")}
    index = {(host, name): int(lab.shell(host, f"cat /sys/class/net/{name}/ifindex"))
             for host, name in (("a1", "learn1"), ("b1", "learn1"), ("a1", "learn0"))}
    time.sleep(1)
    running = [Background(lambda words=words: lab.inside("a1", lab.guest_program, "probe", LEARNT, *words, "--seconds",
                                                         str(duration), seconds=duration + 30, check=False))
               for words in (("--rate", "1000", "--bytes", str(FAST)), ("--rate", "100", "--bytes", str(SLOW)))]
    start = time.monotonic()
    time.sleep(2)
    moves = []
    while len(moves) < options.moves and time.monotonic() < start + duration - 6:
        moves.append(virsh(lab, "learn", *(("a1", "b1") if len(moves) % 2 == 0 else ("b1", "a1"))))
        time.sleep(AFTER)
    for each in running:
        each.wait(max(1, start + duration + 30 - time.monotonic()))
    sent, delivered, answered, received = (collections.defaultdict(list) for _ in range(4))
    for host, capture in captures.items():
        for when, interface, is_in, is_reply, size, number in probes(capture.packets()):
            if is_reply != is_in:
                continue
            if interface == index[host, "learn1"]:
                (answered if is_reply else delivered)[size].append((when, number))
            elif host == "a1" and interface == index["a1", "learn0"]:
                (received if is_reply else sent)[size].append((when, number))
    return summary(moves, sent, delivered, answered, received)
