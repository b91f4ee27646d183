#!/usr/bin/env python3
"""Live sensing at taps of a network namespace of its own: what a packet costs beside a C ring reader that counts the same, what
becomes of packets while the sensor stands still, and what those who talk notice. As root.

    swift build -c release --product transhumance
    Benchmarks/sensing.py [cost] [stall] [slowdown] [--runs 3] [--packets 6000000] [--blocks 200]

`cost`: a generator sends at 600,000 frames/s at eight taps; processor time of each reader (by the scheduler, without what the
kernel does for the sender) over the packets that it read, one after the other, in turns. `stall`: the sensor is stopped for two
seconds (SIGSTOP). `slowdown`: two machines ping-pong over a bridge for so many blocks of a second, in turns with and without
their taps in the sensor's filter; the ratio of the medians with its 95 % interval by bootstrap.
"""
import argparse
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
NAMESPACE = f"th-sensing-{os.getpid()}"
TAPS = {f"tap{number}": f"52:54:00:00:01:{number:02x}" for number in range(1, 9)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help="cost, stall, slowdown (default: all)")
    parser.add_argument("--runs", type=int, default=3, help="of each reader (default: %(default)s)")
    parser.add_argument("--packets", type=int, default=6_000_000, help="a run (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=600_000, help="frames/s (default: %(default)s)")
    parser.add_argument("--blocks", type=int, default=200, help="of a second each (default: %(default)s)")
    parser.add_argument("--executable", default=HERE.parent / ".build/release/transhumance", metavar="FILE")
    options = parser.parse_args()
    parts = options.parts or ["cost", "stall", "slowdown"]
    good = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for program in ("ring", "generate"):
            subprocess.run(["cc", "-O2", "-o", folder / program, HERE / f"Reference/{program}.c"], check=True)
        subprocess.run(["ip", "netns", "add", NAMESPACE], check=True)
        try:
            inside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
            for tap in TAPS:
                inside("ip", "tuntap", "add", tap, "mode", "tap")
                inside("ip", "link", "set", tap, "up")
            if "cost" in parts:
                good &= cost(options, folder)
            if "stall" in parts:
                good &= stall(options, folder)
        finally:
            pids = subprocess.run(["ip", "netns", "pids", NAMESPACE], stdout=subprocess.PIPE, text=True).stdout
            for pid in pids.split():
                os.kill(int(pid), signal.SIGKILL)
            subprocess.run(["ip", "netns", "del", NAMESPACE], check=True)
    if "slowdown" in parts:
        good &= slowdown(options)
    sys.exit(0 if good else 1)


def inside(*words):
    subprocess.run(["ip", "netns", "exec", NAMESPACE, *words], check=True)


class Sensor:
    """`transhumance sense` at all taps."""
    name = "ours"

    def __init__(self, options, folder):
        self.output = (folder / "sense.json").open("w+")
        taps = [word for number, tap in enumerate(TAPS, 1) for word in ("--interface", f"{tap}=vm{number}")]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", NAMESPACE, options.executable, "sense", *taps, "--period", "5", "--format", "json"],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.PIPE)
        time.sleep(2)

    def accounting(self):
        self.output.seek(0)
        periods = [json.loads(line)["accounting"] for line in self.output if line.endswith("\n")]
        return sum(p["seen"] - p["dropped"] for p in periods), sum(p["dropped"] for p in periods)

    def wait(self, frames):
        for _ in range(200):
            if sum(self.accounting()) >= frames:
                break
            time.sleep(0.1)

    def end(self):
        self.process.terminate()
        self.process.wait(10)
        return self.accounting()


class Reference:
    name = "C"

    def __init__(self, _, folder):
        taps = [f"{tap}={mac}" for tap, mac in TAPS.items()]
        self.process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, folder / "ring", "300", *taps],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(2)

    def wait(self, _):
        time.sleep(5)

    def end(self):
        self.process.terminate()
        read, dropped, *_ = self.process.communicate(timeout=10)[1].split()
        return int(read), int(dropped)


def processor(process):
    """Nanoseconds that all threads of a process have run."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir())


def generator(options, folder, **more):
    taps = [f"{tap}={mac}" for tap, mac in TAPS.items()]
    return subprocess.Popen(["ip", "netns", "exec", NAMESPACE, folder / "generate", str(options.packets), str(options.rate), "100",
                             *taps], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **more)


def cost(options, folder):
    print(f"{'reader':<6} {'frames/s':>9} {'read':>9} {'dropped':>8} {'ns/frame':>9}")
    costs, good = {}, True
    for _ in range(options.runs):
        for kind in (Reference, Sensor):
            reader = kind(options, folder)
            before = processor(reader.process)
            frames, seconds = generator(options, folder).communicate(timeout=120)[0].split()
            reader.wait(int(frames))
            nanoseconds = (processor(reader.process) - before) / int(frames)
            read, dropped = reader.end()
            costs.setdefault(kind.name, []).append(nanoseconds)
            good &= dropped == 0 and read == int(frames)
            print(f"{kind.name:<6} {int(frames) / float(seconds):>9.0f} {read:>9} {dropped:>8} {nanoseconds:>9.1f}", flush=True)
    ratio = statistics.median(costs["ours"]) / statistics.median(costs["C"])
    print(f"ratio of the medians {ratio:.2f}; at {options.rate} frames/s "
          f"{statistics.median(costs['ours']) * options.rate / 1e7:.1f} % of a core")
    return good and ratio <= 1.5


def stall(options, folder):
    reader = Sensor(options, folder)
    sender = generator(options, folder)
    time.sleep(3)
    os.kill(reader.process.pid, signal.SIGSTOP)
    time.sleep(2)
    os.kill(reader.process.pid, signal.SIGCONT)
    frames, seconds = sender.communicate(timeout=120)[0].split()
    reader.wait(int(frames))
    read, dropped = reader.end()
    print(f"stopped for 2 s at {int(frames) / float(seconds):.0f} frames/s: sent {frames}, read {read}, dropped {dropped}, "
          f"missing {int(frames) - read - dropped}")
    return read + dropped == int(frames)


def slowdown(options):
    run = subprocess.run(
        ["swift", "test", "-c", "release", "--disable-testable-imports", "--filter", "SensingCost"], cwd=HERE.parent,
        env=os.environ | {"SENSING_COST": str(options.blocks)}, stdout=subprocess.PIPE, text=True, check=True)
    line = next(line for line in run.stdout.splitlines() if line.startswith('{"off"'))
    rates = json.loads(line)
    on, off = rates["on"], rates["off"]
    generator = random.Random(1)
    ratios = sorted(statistics.median(generator.choices(off, k=len(off))) / statistics.median(generator.choices(on, k=len(on)))
                    for _ in range(10_000))
    low, high = ratios[249], ratios[9749]
    ratio = statistics.median(off) / statistics.median(on)
    print(f"{len(on)} blocks with, {len(off)} without: {statistics.median(on):.0f} and {statistics.median(off):.0f} round trips/s; "
          f"slower by {(ratio - 1) * 100:.2f} % (95 %: {(low - 1) * 100:.2f} to {(high - 1) * 100:.2f} %); "
          f"{(1 / statistics.median(on) - 1 / statistics.median(off)) * 1e9 / 4:.0f} ns per packet and tap")
    return high < 1.01


if __name__ == "__main__":
    main()
