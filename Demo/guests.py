"""What is seen of the guests from outside: what they print, how much they compute, how often each runs."""
import collections
import os
import pathlib
import re
import threading
import time

CONSOLES = pathlib.Path("/run/transhumance/lab/console")
LINE = re.compile(r"(?:phase=(\d+) )?iterations=(\d+) resets=(\d+) reconnections=(\d+) corrupt=(\d+) boot=(\S+)")


class Guests:
    """Reads the guests' consoles as they print, by this machine's clock: theirs stands still while they move."""

    def __init__(self, names):
        self.names = names
        self.samples = {name: [] for name in names}     # (seconds, phase, iterations)
        self.computed = []                              # (seconds, CPU seconds of all guests since they run)
        self.faults = {name: (0, 0, 0) for name in names}   # resets, reconnections, wrong bytes
        self.boots = collections.defaultdict(set)
        self._files = {}
        self._rest = collections.defaultdict(str)
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self):
        self._ended.set()

    def _watch(self):
        due = 0
        while not self._ended.wait(0.2):
            for name in self.names:
                self._read(name)
            if time.monotonic() >= due:
                self.computed.append((time.monotonic(), cpu_seconds()))
                due = time.monotonic() + 1

    def _read(self, name):
        try:
            file = self._files.get(name) or self._files.setdefault(name, open(CONSOLES / f"{name}.log", errors="replace"))
            *lines, self._rest[name] = (self._rest[name] + file.read()).split("\n")
        except OSError:
            return
        for line in lines:
            found = LINE.search(line)
            if found:
                phase, iterations, *faults = (int(number or 1) for number in found.groups()[:5])
                self.samples[name].append((time.monotonic(), phase, iterations))
                # Each phase has connections of its own.
                self.faults[name] = tuple(map(max, self.faults[name], faults))
                self.boots[name].add(found.group(6))

    def working(self, phase):
        """Whether all have come further in that phase."""
        return all(any(sample[1] == phase and sample[2] > 0 for sample in self.samples[name]) for name in self.names)

    def rate(self, phase, start, end):
        """Iterations per second of a guest, the mean of all, between two instants of this machine."""
        rates = []
        for name in self.names:
            part = [sample for sample in self.samples[name] if sample[1] == phase and start <= sample[0] <= end]
            if len(part) > 1:
                rates.append((part[-1][2] - part[0][2]) / (part[-1][0] - part[0][0]))
        return sum(rates) / len(rates) if rates else 0.0

    def load(self, start, end):
        """Share of this machine's cores that all guests together took; only right where none came or went."""
        part = [sample for sample in self.computed if start <= sample[0] <= end]
        if len(part) < 2:
            return 0.0
        return (part[-1][1] - part[0][1]) / (part[-1][0] - part[0][0]) / os.cpu_count()

    @property
    def resets(self):
        return sum(resets + reconnections for resets, reconnections, _ in self.faults.values())

    @property
    def corrupt(self):
        return sum(corrupt for _, _, corrupt in self.faults.values())

    @property
    def restarts(self):
        """Of the kernel in a guest: each start has another boot identity."""
        return sum(len(boots) - 1 for boots in self.boots.values())


def cpu_seconds():
    """Of all hypervisor processes, user and system, as proc(5) tells."""
    ticks = 0
    for folder in os.listdir("/proc"):
        if not folder.isdigit():
            continue
        try:
            with open(f"/proc/{folder}/cmdline", "rb") as file:
                if b"qemu-system" not in file.read().split(b"\0")[0]:
                    continue
            with open(f"/proc/{folder}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")
