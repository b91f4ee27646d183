#!/usr/bin/env python3
"""Moves in a lab of its own (moves.yaml, 20 ms one way between the sites): what the network notices of them.

Parts, one after another in one lab; needs root, as `transhumance lab up` does:
  quiet        moves of a guest that never speaks first, there and back, asked by another 1,000 and 100 times a second,
               with a TCP connection that has data both ways through all of them
  speaking     the same with a guest that talks to a third all the time
  learning     the same requests of a guest in bridges that learn, moved by virsh and announced by RARP
  bulk         bulk TCP to a guest through five moves
  wan          frames on the WAN of a pair of which both are at site b
  bare         time of a move beside `virsh migrate --live --p2p` of the same guest without a network, in turns
  throughput   between two hosts of a site over the fabric, beside a VXLAN made by hand on the same underlay (iperf3)

Gaps are seen by tcpdump at the guests' taps on all hosts (one clock): `tap` is the longest silence of the guest that
moves; `asker` that of the guest that asks, whose path gets 20 ms longer or shorter by the move. Lost and delivered
twice are counted by sequence number. A measurement during which the WAN's 99th percentile was over 1 ms late is void.
"""
import argparse
import collections
import json
import pathlib
import re
import signal
import statistics
import sys
import time

from measured_lab import ADDRESS, HOSTS, Background, Capture, Lab, console, work
from peers_of_moves import bare, learning
from probing import AFTER, FAST, SLOW, probes, summary

MAC = {f"vm{number}": bytes([0x52, 0x54, 0, 0, 1, number]) for number in range(1, 5)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="which parts (default: all)")
    parser.add_argument("--moves", type=int, default=20, help="of quiet and speaking (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=60,
                        help="begins no further part after so long; 0: only prints (default: %(default)s)")
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE",
                        default=pathlib.Path(".build-measure/moves.json"),
                        help="results by part; parts that are there are not measured again (default: %(default)s)")
    parser.add_argument("--again", action="store_true", help="measure all anew")
    parser.add_argument("--json", action="store_true", help="print the results as JSON instead of Markdown")
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    options = parser.parse_args()
    # The lab goes down then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]}; parts: {' '.join(PARTS)}")
    results = json.loads(options.results.read_text()) if options.results.exists() and not options.again else {}
    end = time.monotonic() + 60 * options.minutes
    due = [part for part in options.parts or PARTS if part not in results]
    if due and options.minutes > 0:
        with Lab(options.transhumance) as lab:
            for part in due:
                if time.monotonic() > end:
                    break
                lab.all_home()
                lab.restart_lateness()
                result = PARTS[part](lab, options)
                results[part] = result | {"lab": lab.conditions()}
                options.results.parent.mkdir(parents=True, exist_ok=True)
                options.results.write_text(json.dumps(results, indent=1))
    results = {part: results[part] for part in options.parts or PARTS if part in results}
    print(json.dumps(results, indent=1) if options.json else "\n\n".join(tables(results)))


def through_moves(lab, options, vm):
    count = options.moves
    duration = 5 * count + 12
    captures = {host: (Capture(lab, host, "any", "udp port 7001"),
                       int(lab.shell(host, "cat /sys/class/net/thx1/ifindex"))) for host in ("a1", "b1")}
    time.sleep(1)
    asked = {
        "fast": ["probe", ADDRESS[vm], "--rate", "1000", "--bytes", str(FAST), "--seconds", str(duration)],
        "slow": ["probe", ADDRESS[vm], "--rate", "100", "--bytes", str(SLOW), "--seconds", str(duration)],
        "talk": ["talk", ADDRESS[vm], "--seconds", str(duration), "--bytes", "1000", "--pause-ms", "20"],
    }
    running = {name: Background(lambda words=words: lab.request("a1", "vm1", *words, seconds=duration + 30))
               for name, words in asked.items()}
    start = time.monotonic()
    time.sleep(2)
    moves = []
    while len(moves) < count and time.monotonic() < start + duration - 8:
        moves.append(lab.migrate(vm, "b1" if len(moves) % 2 == 0 else "a1"))
        time.sleep(AFTER)
    silent = silence(lab, vm)
    answers = {name: thread.wait(max(1, start + duration + 30 - time.monotonic())) for name, thread in running.items()}
    sent, delivered, answered, received = (collections.defaultdict(list) for _ in range(4))
    for capture, tunnel in captures.values():
        for when, interface, enters, reply, size, number in probes(capture.packets()):
            if interface == tunnel:
                continue
            kind = (answered if enters else received) if reply else (sent if enters else delivered)
            kind[size].append((when, number))
    return {"vm": vm, "answers": answers, "silent": silent,
            "workload": dict(zip(("iterations", "resets", "corrupt", "boots"), work(vm))) or None,
            **summary(moves, sent, delivered, answered, received)}


def silence(lab, vm):
    """None where the guest answers; else what its QEMU says of it."""
    host = lab.vms()[vm]["host"]
    if isinstance(lab.request(host, vm, "received", seconds=10), list):
        return None
    questions = ("info status", "info registers", "info registers", "info network")
    return {"host": host,
            "qemu": [lab.inside(host, "virsh", "qemu-monitor-command", vm, "--hmp", question, check=False)[:600]
                     for question in questions],
            "host's view": lab.shell(host, "virsh list; bridge -d link; bridge fdb; ip -s link; "
                                     "ps -eo pcpu,time,args | cut -c1-60", check=False)[:6000],
            "console": console(vm)[-500:]}


def bulk(lab, options):
    running = Background(lambda: lab.request("a1", "vm1", "bulk", ADDRESS["vm2"], "--seconds", "35", seconds=90))
    time.sleep(1)
    moves, during = [], 0
    for number in range(5):
        moves.append(lab.migrate("vm2", "b1" if number % 2 == 0 else "a1"))
        during += running.is_alive()
        time.sleep(0.3)
    return {"answer": running.wait(100), "movesDuring": during,
            "moves": [{key: move.get(key) for key in ("to", "result", "downtimeSeconds", "totalSeconds")}
                      for move in moves]}


def wan(lab, options):
    pair = ("vm3", "vm4")

    def frames(seconds):
        capture = Capture(lab, "router:a", "wan0", "udp dst port 4789")
        time.sleep(1)
        lab.request("b1", "vm4", "talk", ADDRESS["vm3"], "--seconds", str(seconds - 5), "--pause-ms", "50",
                    seconds=seconds + 10)
        time.sleep(3)
        ours = other = arp = 0
        for _, packet in capture.packets():
            header = 4 * (packet[0] & 15)
            inner = packet[header + 16:]
            is_arp = inner[12:14] == b"\x08\x06"
            addresses = [bytes(map(int, ADDRESS[vm].split("."))) for vm in pair]
            named = is_arp and any(address in (inner[28:32], inner[38:42]) for address in addresses)
            if named or any(MAC[vm] in (inner[:6], inner[6:12]) for vm in pair):
                ours += 1
                arp += is_arp
            else:
                other += 1
        return {"seconds": seconds, "ofPair": ours, "ofThemARP": arp, "others": other}

    before = frames(10)
    move = lab.migrate("vm3", "b1")
    if move["result"] != "done":
        raise RuntimeError(f"vm3 didn't move, so there is nothing to measure: {move['result']}")
    time.sleep(6)   # what is forwarded at the source for 5 s
    iterations = len(re.findall("iterations=", console("vm3")))
    after = frames(40)
    return {"before": before, "move": move["result"], "after": after,
            "workloadLinesDuring": len(re.findall("iterations=", console("vm3"))) - iterations}


def throughput(lab, options, seconds=5, rounds=2):
    """A namespace on each of two hosts; frames by entries made by hand, so the agents stand still, which would mend them."""
    ends = {"a1": 1, "a2": 2}
    lab.migrate("vm2", "a2")   # a host has a network's bridge while it has VMs of it
    for host, number in ends.items():
        other = 3 - number
        peer = HOSTS["a2" if number == 1 else "a1"]
        lab.shell(host, f"""
            set -e
            unshare --net sleep 600 </dev/null >/dev/null 2>&1 & inside=$!
            sleep 0.5; echo $inside >/tmp/transhumance-moves-{host}
            ip link add hand type vxlan id 999 dstport 4799 local {HOSTS[host]} nolearning
            ip link set hand mtu 1450 up
            ip link add handbridge type bridge; ip link set handbridge mtu 1450 up; ip link set hand master handbridge
            for kind in fabric:thb1 hand:handbridge; do
              name=${{kind%%:*}}; bridge=${{kind##*:}}
              ip link add x$name mtu 1450 type veth peer name $name mtu 1450 netns $inside
              ip link set x$name master $bridge up
            done
            nsenter -t $inside -n sh -ec '
              ip link set lo up
              ip link set fabric address 02:00:00:00:0a:0{number} up; ip address add 10.7.0.{number}/24 dev fabric
              ip link set hand address 02:00:00:00:0b:0{number} up; ip address add 10.8.0.{number}/24 dev hand
              ip neigh replace 10.7.0.{other} lladdr 02:00:00:00:0a:0{other} dev fabric
              ip neigh replace 10.8.0.{other} lladdr 02:00:00:00:0b:0{other} dev hand'
            bridge fdb replace 02:00:00:00:0b:0{other} dev hand self dst {peer} permanent
            bridge fdb replace 02:00:00:00:0b:0{other} dev hand master static
            bridge fdb replace 02:00:00:00:0b:0{number} dev xhand master static
            nsenter -t $inside -n iperf3 -s -D""")
    peers = {"a1": HOSTS["a2"], "a2": HOSTS["a1"]}
    entries = {host: f"""
        bridge fdb replace 02:00:00:00:0a:0{3 - number} dev thx1 self dst {peers[host]} permanent
        bridge fdb replace 02:00:00:00:0a:0{3 - number} dev thx1 master static
        bridge fdb replace 02:00:00:00:0a:0{number} dev xfabric master static""" for host, number in ends.items()}
    results = collections.defaultdict(list)
    for host in ends:
        lab.shell(host, f"""
            for process in /proc/[0-9]*; do
              tr '\\0' ' ' <$process/cmdline | grep -q 'host --nam[e] {host} ' && kill -STOP ${{process#/proc/}}
            done; {entries[host]}""")
    for _ in range(rounds):
        for streams in (1, 8):
            for name, address in (("hand", "10.8.0.2"), ("fabric", "10.7.0.2")):
                text = lab.shell("a1", "nsenter -t $(cat /tmp/transhumance-moves-a1) -n "
                                 f"iperf3 -c {address} -t {seconds} -P {streams} -J", seconds=seconds + 20, check=False)
                try:
                    rate = json.loads(text)["end"]["sum_received"]["bits_per_second"] / 1e9
                except (ValueError, KeyError):
                    rate = None
                results[f"{name}{streams}"].append(rate)
    for host in ends:
        file = f"/tmp/transhumance-moves-{host}"
        lab.shell(host, f"""
            kill -9 $(cat {file}); rm {file}
            for process in /proc/[0-9]*; do
              tr '\\0' ' ' <$process/cmdline | grep -q 'host --nam[e] {host} ' && kill -CONT ${{process#/proc/}}
            done""", check=False)
    if not all(any(rates) for rates in results.values()):
        raise RuntimeError(f"nothing came through on one of the ways: {dict(results)}")
    return {"gigabitsPerSecond": results}


def tables(results):
    for part, result in results.items():
        conditions = result["lab"]
        # Throughput is measured within a site.
        is_void = conditions["void"] and part != "throughput"
        yield (f"### {part}\n\nWAN late by {conditions['wanLatenessP99Ms']} ms (99th percentile), "
               f"{conditions['wanLatenessMaxMs']} ms at most{': VOID' if is_void else ''}; load average "
               f"{conditions['loadAverage']:.1f} on {conditions['cores']} cores.")
        yield TABLES[part](result)


def rows(*cells):
    """A Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(cells[0])] + lines[1:])


def bulk_table(result):
    done = sum(move["result"] == "done" for move in result["moves"])
    return rows(["moves done", "ended while it ran", "seconds each", "the connection's bytes, and what the receiver says"],
                [done, result["movesDuring"], ", ".join(show(move["totalSeconds"]) for move in result["moves"]),
                 json.dumps(result["answer"])])


def wan_table(result):
    return rows(["frames on the WAN", "of the pair", "of them ARP", "others"],
                *[[f"{name}, {part['seconds']} s", part["ofPair"], part["ofThemARP"], part["others"]]
                  for name, part in (("one at each site", result["before"]), ("both at b", result["after"]))])


def bare_table(result):
    lists = {name: [value for value in result[name] if value is not None] for name in ("transhumance", "virsh")}
    return rows(["seconds of a move", "median", "least", "most", "moves"],
                *[[name, *[show(function(values)) for function in (statistics.median, min, max)], len(values)]
                  for name, values in lists.items() if values])


def throughput_table(result):
    rates = result["gigabitsPerSecond"]
    lines = [["streams", "fabric, Gb/s", "by hand, Gb/s", "ratio of the medians"]]
    for streams in (1, 8):
        fabric, hand = ([rate for rate in rates[f"{name}{streams}"] if rate] for name in ("fabric", "hand"))
        ratio = show(statistics.median(fabric) / statistics.median(hand)) if fabric and hand else "–"
        lines.append([streams, ", ".join(map(show, fabric)), ", ".join(map(show, hand)), ratio])
    return rows(*lines)


def move_table(result):
    done = [move for move in result["moves"] if move["result"] == "done"]
    lines = [["figure", "first move of the fresh VM", "median of the others", "maximum"]]

    def line(name, value, among=lambda move: True):
        others = [value(move) for move in done[1:] if among(move) and value(move) is not None]
        if others:
            lines.append([name, show(value(done[0])), show(statistics.median(others)), show(max(others))])

    def over(key):
        return lambda move: None if None in (move[key], move["downtimeMs"]) else move[key] - move["downtimeMs"]

    line("QEMU's downtime, ms", lambda move: move["downtimeMs"])
    line("first frame of the VM at the destination (`gapSeconds`) less downtime, ms", over("reportedGapMs"))
    line("first answer of the VM (gap at the taps) less downtime, ms", over("gapAtTapMs"))
    for way in ("b1", "a1"):
        line(f"gap at the asker less downtime, to {way}, ms", over("gapAtAskerMs"), lambda move: move["to"] == way)
    line("lost of 100/s", lambda move: move["lost"])
    line("of them on the way there", lambda move: move["requestsLost"])
    line("lost of 1,000/s", lambda move: move["lostOf1000"])
    line("time of the move, s", lambda move: move["totalSeconds"])
    text = rows(*lines) + (
        f"\n\n{len(done)} of {len(result['moves'])} moves done; probes delivered twice: "
        f"{result['duplicatesDelivered']} to the guest, {result['duplicatesReceived']} to the asker")
    if "answers" in result:
        text += (f"; answering afterwards: {'no' if result['silent'] else 'yes'}; "
                 f"connection: {json.dumps(result['answers']['talk'])}; workload: {json.dumps(result['workload'])}")
    return text + "."


def show(value):
    return "–" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


PARTS = {"quiet": lambda lab, options: through_moves(lab, options, "vm2"),
         "speaking": lambda lab, options: through_moves(lab, options, "vm3"),
         "learning": learning, "bulk": bulk, "wan": wan, "bare": bare, "throughput": throughput}
TABLES = {"quiet": move_table, "speaking": move_table, "learning": move_table,
          "bulk": bulk_table, "wan": wan_table, "bare": bare_table,
          "throughput": throughput_table}

if __name__ == "__main__":
    main()
