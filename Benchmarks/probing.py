"""Two streams of probes through a move: what was silent, lost and delivered twice, from packets at the taps."""
import collections
import struct

FAST, SLOW = 64, 100   # bytes of a probe, by which the two streams are told apart
AFTER = 1.0            # seconds after a move that still count as its own


def probes(packets):
    """Time, interface, whether it came in by it, whether a reply, stream (by size) and number of each probe."""
    for when, packet in packets:
        # LINUX_SLL2: interface at 4, packet type at 10 (4: outgoing); then IPv4 without options, UDP, probe.
        if len(packet) < 20 + 28 + 20 or packet[20] != 0x45 or packet[48:51] != b"THP":
            continue
        interface, = struct.unpack_from(">I", packet, 4)
        size = struct.unpack_from(">H", packet, 44)[0] - 8
        yield when, interface, packet[10] != 4, packet[51] == 0x32, size, struct.unpack_from("<Q", packet, 60)[0]


def summary(moves, *kinds):
    """A row a move, and what came twice: of requests sent and delivered, replies answered and received, by stream."""
    for kind in kinds:
        for entries in kind.values():
            entries.sort()
    _, delivered, _, received = kinds
    return {"moves": [row_of(move, *kinds) for move in moves],
            "duplicatesDelivered": doubles(delivered), "duplicatesReceived": doubles(received)}


def row_of(move, sent, delivered, answered, received):
    first, last = move["start"], move["end"] + AFTER
    there = {number for _, number in received[SLOW]}
    slow = [number for when, number in sent[SLOW] if first <= when <= last]
    return {"from": move.get("from"), "to": move["to"], "result": move["result"],
            "downtimeMs": milliseconds(move.get("downtimeSeconds")),
            "totalSeconds": move.get("totalSeconds"), "reportedGapMs": milliseconds(move.get("gapSeconds")),
            "gapAtTapMs": gap(answered[FAST], first, last), "gapAtAskerMs": gap(received[FAST], first, last),
            "sent": len(slow), "lost": sum(1 for number in slow if number not in there),
            "lostOf1000": lost(sent[FAST], received[FAST], first, last),
            "requestsLost": lost(sent[SLOW], delivered[SLOW], first, last)}


def lost(sent, arrived, first, last):
    there = {number for _, number in arrived}
    return sum(1 for when, number in sent if first <= when <= last and number not in there)


def gap(events, first, last):
    times = [when for when, _ in events if first <= when <= last]
    return round(1000 * max((b - a for a, b in zip(times, times[1:])), default=0), 1) if times else None


def doubles(kind):
    return sum(count - 1 for entries in kind.values()
               for count in collections.Counter(number for _, number in entries).values())


def milliseconds(seconds):
    return None if seconds is None else round(1000 * seconds, 1)
