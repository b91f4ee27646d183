#!/usr/bin/env python3
"""What becomes of a VM whose move is struck by a fault at each of its steps, in a lab of its own (faults.yaml).

A fault strikes as soon as the source's agent tells the step: its agent, the destination's, either one's libvirtd killed
with -9; the WAN cut for 1 s or 60 s; or cut after the VM has resumed at the destination and before the source's
libvirtd has heard so (the WAN is slowed to 2 s for that). A cell is good when the VM runs at one host alone, where the
move's result says, with its tap at that host alone, known there as running by both agents, no move open in either
journal, and the guests' work goes on over the connections of old: no reset, no wrong byte, no new boot.
Exit code 1 where a cell isn't good. Needs root, as `transhumance lab up` does.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import socket
import sys
import time

import measured_lab
from measured_lab import Background, wait_for_work, work

HOSTS = ("a1", "b1")
TAP = "th525400000101"
STEPS = ("reserved", "copying", "stopped", "redirected", "active", "networkUpdated")
FOLDER = pathlib.Path("/run/transhumance/lab")
KILLS = ("source agent", "destination agent", "source libvirtd", "destination libvirtd")
CELLS = [(fault, step) for fault in KILLS for step in STEPS] + \
    [(f"cut {seconds} s", step) for seconds in (1, 60) for step in ("copying", "stopped", "active")] + \
    [("cut before the last answer", "stopped")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transhumance", default=".build/release/transhumance", metavar="PATH",
                        help="the executable (default: %(default)s)")
    parser.add_argument("--only", metavar="TEXT", default="", help="cells whose fault or step has this in its name")
    parser.add_argument("--minutes", type=float, default=60, help="begins no further cell after so long")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end = time.monotonic() + 60 * options.minutes
    bad = 0
    with Lab(options.transhumance, "faults.yaml") as lab:
        wait_for_work(("vm1", "vm2"))
        print("| fault | at | move | VM | settled after | ran at both | cell |\n| --- | --- | --- | --- | --- | --- | --- |")
        for fault, step in CELLS:
            if options.only not in f"{fault} {step}" or time.monotonic() > end:
                continue
            row, is_good = lab.cell(fault, step)
            bad += not is_good
            print("| " + " | ".join((fault, step, *row, "good" if is_good else "BAD")) + " |", flush=True)
    sys.exit(1 if bad else 0)


class Lab(measured_lab.Lab):
    def wait_for(self, condition, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(0.3)
        return False

    def moves(self, host):
        run = self.call("get", "moves", "--format", "json", "--socket", self.socket(host), seconds=10)
        return json.loads(run.stdout)["moves"] if run.returncode == 0 else []

    def socket(self, host):
        return str(FOLDER / "hosts" / host / "agent.sock")

    def domains(self, host):
        """State of vm1 there, None where it isn't known; and whether its tap is there."""
        text = self.shell(host, f"virsh domstate vm1 2>/dev/null; ip -br link show {TAP} 2>/dev/null | grep -c .",
                          seconds=10, check=False).split("\n")
        words = [word for word in text if word]
        return (words[0] if len(words) > 1 else None), bool(words) and words[-1] == "1"

    def known(self, host):
        run = self.call("get", "vms", "--format", "json", "--socket", self.socket(host), seconds=10)
        vms = json.loads(run.stdout)["vms"] if run.returncode == 0 else []
        return next(((vm["host"], vm["state"]) for vm in vms if vm["name"] == "vm1"), None)

    def open_moves(self, host):
        """Identifiers and roles whose last record in the journal isn't closed."""
        last = {}
        for line in (FOLDER / "hosts" / host / "journal").read_text().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            last[record["request"]["identifier"], record["role"]] = record["isClosed"]
        return [key for key, is_closed in last.items() if not is_closed]

    def wan(self, **request):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(FOLDER / "wan.sock"))
            connection.sendall(json.dumps(request).encode() + b"\n")
            connection.recv(65536)

    def process(self, host, kind):
        """Its number outside of the lab."""
        if kind == "libvirtd":
            inner = self.shell(host, "cat /run/libvirtd.pid").strip()
        else:
            inner = self.shell(host, f"pgrep -f '[h]ost --name {host} --lab'").split()[0]
        space = os.readlink(f"/proc/{self.first()}/ns/pid")
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                numbers = re.search(r"NSpid:(.*)", status.read_text())[1].split()
                if numbers[-1] == inner and len(numbers) > 1 and os.readlink(status.parent / "ns/pid") == space:
                    return int(numbers[0])
            except (OSError, TypeError):
                continue
        raise RuntimeError(f"no {kind} of {host}")

    def first(self):
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                if re.search(r"NSpid:\t\d+\t1\n", status.read_text()) and \
                        b"transhumance" in (status.parent / "cmdline").read_bytes():
                    return int(status.parent.name)
            except OSError:
                continue
        raise RuntimeError("the lab has no first process")

    def cell(self, fault, step):
        self.wait_for(lambda: sum(self.domains(host)[0] is not None for host in HOSTS) == 1, 30)
        source = next(host for host in HOSTS if self.domains(host)[0])
        destination = next(host for host in HOSTS if host != source)
        before = {vm: work(vm) for vm in ("vm1", "vm2")}
        earlier = {move["move"] for host in HOSTS for move in self.moves(host)}
        victim = None
        if fault in KILLS:
            where, kind = fault.split()
            victim = self.process(source if where == "source" else destination, kind)
        log = FOLDER / "hosts" / source / "agent.log"
        offset = log.stat().st_size
        there = FOLDER / "hosts" / destination / "agent.log"
        there_offset = there.stat().st_size
        running = Background(lambda: self.call("migrate", "vm1", "--to", destination, "--bandwidth", "20",
                                               "--socket", self.socket(source), seconds=200))
        if not self.see(log, offset, f"vm1 from {source} to {destination}: {step}"):
            return ("never came to it", "–", "–", "–"), False
        struck = time.monotonic()
        if victim:
            os.kill(victim, signal.SIGKILL)
        elif fault == "cut before the last answer":
            self.wan(verb="slow", latencyMs=2000)
            if not self.see(there, there_offset, "vm1 is running"):
                self.wan(verb="slow", latencyMs=5)
                return ("never resumed at the destination", "–", "–", "–"), False
            self.wan(verb="cut")
            time.sleep(60)
            self.wan(verb="slow", latencyMs=5)
            self.wan(verb="heal")
        else:
            self.wan(verb="cut")
            seconds = int(fault.split()[1])
            time.sleep(seconds)
            self.wan(verb="heal")
        return self.settle(source, destination, earlier, before, struck, running)

    def settle(self, source, destination, earlier, before, struck, running):
        both = 0
        told = {}
        what = ""
        while time.monotonic() < struck + 180:
            states = {host: self.domains(host) for host in HOSTS}
            both += all(state == "running" for state, _ in states.values())
            told = next((move for host in HOSTS for move in self.moves(host) if move["move"] not in earlier), told)
            place = destination if told.get("result") == "done" else source
            other = source if place == destination else destination
            opened = [key for host in HOSTS for key in self.open_moves(host)]
            wants = {
                "result": bool(told.get("result")), "runs": states[place] == ("running", True),
                "nothing elsewhere": states[other] == (None, False),
                "known": all(self.known(host) == (place, "running") for host in HOSTS), "journals closed": not opened}
            what = ", ".join(name for name, holds in wants.items() if not holds)
            if not what:
                break
            time.sleep(0.5)
        settled = time.monotonic() - struck
        now = {vm: work(vm) for vm in ("vm1", "vm2")}
        # After a cut of a minute TCP may try again as late as 50 s after its end.
        works = self.wait_for(lambda: all(work(vm)[0] > now[vm][0] + 2 for vm in now), 120)
        same = all(work(vm)[1:] == before[vm][1:] for vm in now)
        running.wait(30)
        vm = f"at {place}" + (f", WRONG: {what}" if what else "") + ("" if works else ", its work STANDS") + \
            ("" if same else f", CONNECTIONS: {[work(vm) for vm in now]}")
        result = told.get("result") or "untold"
        return (result + (f": {told['reason']}" if told.get("reason") else ""), vm, f"{settled:.0f} s",
                str(both)), not what and works and same

    def see(self, path, offset, text, seconds=60):
        end = time.monotonic() + seconds
        with open(path, "rb") as file:
            file.seek(offset)
            content = b""
            while time.monotonic() < end:
                content += file.read()
                if text.encode() in content:
                    return True
                time.sleep(0.001)
        return False


if __name__ == "__main__":
    main()
