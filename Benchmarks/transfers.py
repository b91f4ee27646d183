"""Reads from a capture what each rank sent and heard, in its own view, by the definitions of docs/waits.md: for
predictions that need more than a matrix (see predict.py). Standard library only.

Captures are classic pcap, little-endian, Ethernet and IPv4, taken at one point, each packet once; a rank is the last
number of its address. A packet reaches its destination HOP after its time stamp. Times are nanoseconds.
"""
import collections
import gzip
import struct

HOP = 50_000
MESSAGE_PAUSE, TRANSFER_PAUSE, SILENCE = 300_000, 100_000, 1_000_000_000
LEAST_SEGMENT = 536
SYN, PUSH, TCP, UDP = 0x02, 0x08, 6, 17
# What happens at an end: it starts a message or a transfer, or one from its peer is complete.
MESSAGE_OUT, MESSAGE_IN, TRANSFER_OUT, TRANSFER_IN = range(4)

Event = collections.namedtuple("Event", "kind time rank peer transfer")


class Transfer:
    """What a rank sent in one go: when its first and its last packet left, and its IP bytes."""
    __slots__ = "source", "destination", "start", "end", "ip_bytes"

    def __init__(self, source, destination, start):
        self.source, self.destination, self.start = source, destination, start
        self.end, self.ip_bytes = start, 0


class Flow:
    """One direction of a pair, as seen at one end."""
    __slots__ = "latest", "message_end", "largest", "message", "transfer", "last"

    def __init__(self):
        self.latest = self.message_end = -1 << 62
        self.largest = 0
        self.message = self.transfer = None
        # The sender's transfer that the last packet was of.
        self.last = None

    def take(self, time, payload, is_push, is_next):
        """Whether a message starts, and one ends; a transfer starts, one ends, and the one before was left open."""
        gap = time - self.latest
        completes = is_push or payload < self.largest
        goes_on = self.message == "open" or (
            self.message == "ended" and is_next and time - self.message_end <= MESSAGE_PAUSE)
        message_ends = completes and not (goes_on and self.message == "ended")
        if completes:
            self.message_end = time
        self.message = "ended" if completes or (goes_on and self.message == "ended") else "open"

        was_open = self.transfer == "open"
        continues = gap <= SILENCE if was_open else (
            self.transfer == "ended" and is_next and gap <= TRANSFER_PAUSE)
        is_last = is_push and not (continues and payload >= LEAST_SEGMENT and payload >= self.largest)
        if is_last:
            self.transfer = "ended"
        elif not continues:
            self.transfer = "open"
        self.largest = max(self.largest, payload)
        self.latest = time
        return (not goes_on, message_ends, not continues, is_last and (was_open or not continues),
                was_open and not continues)


class End:
    """A rank about one peer."""
    __slots__ = "out", "back", "way"

    def __init__(self):
        self.out, self.back, self.way = Flow(), Flow(), None


def read_events(path):
    """All that happened, in the order in which it did at the ranks, from the capture's packets."""
    ends = collections.defaultdict(End)
    arriving = collections.deque()
    events = []

    def send(time, source, destination, payload, is_push, ip_bytes):
        end = ends[source, destination]
        starts, _, begins, _, _ = end.out.take(time, payload, is_push, end.way == "out")
        end.way = "out"
        if starts:
            events.append(Event(MESSAGE_OUT, time, source, destination, None))
        if begins:
            back = end.back
            if back.transfer == "open" and time - back.latest > SILENCE:
                back.transfer = "ended"
                events.append(Event(TRANSFER_IN, time, source, destination, back.last))
            end.out.last = Transfer(source, destination, time)
            events.append(Event(TRANSFER_OUT, time, source, destination, end.out.last))
        end.out.last.end = time
        end.out.last.ip_bytes += ip_bytes
        arriving.append((time + HOP, destination, source, payload, is_push, end.out.last))

    def arrive():
        time, rank, peer, payload, is_push, transfer = arriving.popleft()
        end = ends[rank, peer]
        _, message, _, completes, was_open = end.back.take(time, payload, is_push, end.way == "back")
        end.way = "back"
        if message:
            events.append(Event(MESSAGE_IN, time, rank, peer, None))
        if was_open:
            events.append(Event(TRANSFER_IN, time, rank, peer, end.back.last))
        end.back.last = transfer
        if completes:
            events.append(Event(TRANSFER_IN, time, rank, peer, transfer))

    for time, *packet in packets(path):
        while arriving and arriving[0][0] < time:
            arrive()
        send(time, *packet)
    while arriving:
        arrive()
    return events


def packets(path):
    """Time, source, destination, payload, whether it is complete (not TCP, or PSH), and IP bytes, of what is new."""
    with (gzip.open if str(path).endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    magic, link = struct.unpack_from("<I16xI", data)
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        raise ValueError(f"{path}: not a little-endian pcap of Ethernet frames")
    tick = 1000 if magic == 0xA1B2C3D4 else 1
    record = struct.Struct("<IIII").unpack_from
    header = struct.Struct(">12xHBxH2xHxB5xB3xB").unpack_from
    segment = struct.Struct(">IIxxxxBB").unpack_from
    next_of = {}
    place = 24
    while place + 16 <= len(data):
        seconds, part, kept, _ = record(data, place)
        frame = place + 16
        place = frame + kept
        if place > len(data) or kept < 34:
            continue
        kind, version, ip_bytes, fragment, protocol, source, destination = header(data, frame)
        if kind != 0x0800 or fragment & 0x1FFF or source == destination:
            continue
        header_bytes = 4 * (version & 15)
        payload = ip_bytes - header_bytes
        is_push = True
        if protocol == TCP and kept >= 14 + header_bytes + 14:
            ports, sequence, words, flags = segment(data, frame + 14 + header_bytes)
            payload -= 4 * (words >> 4)
            connection = source, destination, ports
            if flags & SYN:
                next_of[connection] = sequence + 1 & 0xFFFFFFFF
                continue
            end = sequence + payload & 0xFFFFFFFF
            if payload <= 0 or 0 <= next_of.get(connection, end - 1) - end & 0xFFFFFFFF < 1 << 31:
                continue
            next_of[connection] = end
            is_push = bool(flags & PUSH)
        elif protocol == UDP:
            payload -= 8
        if payload > 0:
            yield seconds * 1_000_000_000 + part * tick, source, destination, payload, is_push, ip_bytes
