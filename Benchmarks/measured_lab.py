"""A lab for measurements: its commands, captures at its hosts, requests of its guests."""
import json
import os
import pathlib
import re
import struct
import subprocess
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
HOSTS = {"a1": "10.99.1.1", "a2": "10.99.1.2", "b1": "10.99.2.1"}
ADDRESS = {f"vm{number}": f"192.168.77.{number}" for number in range(1, 5)}
HOME = {"vm1": "a1", "vm2": "a1", "vm3": "a1", "vm4": "b1"}


class Lab:
    def __init__(self, executable, file="moves.yaml"):
        self.file = [str(HERE / file)] if file else []
        self.executable = str(pathlib.Path(executable).resolve())
        prefix = pathlib.Path(self.executable).parent.parent
        self.guest_program = str(prefix / "libexec/transhumance/transhumance-guest")

    def __enter__(self):
        start = time.monotonic()
        self.run("lab", "up", *self.file, seconds=180)
        self.seconds_up = time.monotonic() - start
        return self

    def __exit__(self, *_):
        self.run("lab", "down", seconds=60, check=False)

    def call(self, *words, seconds):
        return subprocess.run(["timeout", "-k", "2", str(seconds), self.executable, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *words, seconds=60, check=True):
        run = self.call(*words, seconds=seconds)
        if check and run.returncode != 0:
            raise RuntimeError(f"transhumance {' '.join(words)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
        return run.stdout

    def inside(self, host, *words, seconds=60, check=True):
        return self.run("lab", "exec", host, "--", *words, seconds=seconds, check=check)

    def shell(self, host, script, seconds=60, check=True):
        return self.inside(host, "sh", "-c", script, seconds=seconds, check=check)

    def migrate(self, vm, host):
        """The command's document, with the times around it on the clock of the captures."""
        start = time.time()
        run = self.call("migrate", vm, "--to", host, "--format", "json", seconds=120)
        end = time.time()
        try:
            document = json.loads(run.stdout)
        except ValueError:
            document = {"result": f"no answer: {run.stderr.strip()}", "vm": vm, "to": host}
        return document | {"start": start, "end": end}

    def vms(self):
        """What `get vms` says of each, by name."""
        return {vm["name"]: vm for vm in json.loads(self.run("get", "vms", "--format", "json"))["vms"]}

    def all_home(self, home=HOME):
        for name, vm in self.vms().items():
            if vm["host"] != home[name]:
                self.migrate(name, home[name])

    def request(self, host, vm, *words, seconds):
        """What a guest answers, asked from the host on which it runs; None where nothing came."""
        text = self.inside(host, self.guest_program, "request", ADDRESS[vm], *words, seconds=seconds, check=False)
        try:
            return json.loads(text)
        except ValueError:
            return {"error": text.strip() or "no answer"}

    def restart_lateness(self):
        self.run("lab", "wan", "measure")

    def conditions(self):
        lateness = json.loads(self.run("lab", "wan", "--format", "json"))["lateness"]
        return {"secondsUp": round(self.seconds_up, 1), "wanLatenessP99Ms": lateness["p99Ms"],
                "wanLatenessMaxMs": lateness["maxMs"], "void": lateness["p99Ms"] > 1,
                "loadAverage": os.getloadavg()[0], "cores": os.cpu_count()}


class Capture:
    """tcpdump on a host; ends with its standard input."""

    def __init__(self, lab, host, interface, expression=""):
        self.file = open(f"/tmp/transhumance-moves-{os.getpid()}-{host.replace(':', '-')}.pcap", "w+b")
        script = (f"tcpdump -i {interface} -nn -s 128 -B 65536 -U -w - {expression} 2>/dev/null & "
                  "cat >/dev/null; kill -9 $!; wait")
        self.process = subprocess.Popen([lab.executable, "lab", "exec", host, "--", "sh", "-c", script],
                                        stdin=subprocess.PIPE, stdout=self.file, stderr=subprocess.DEVNULL)

    def packets(self):
        """Ends the capture; times in seconds and bytes."""
        self.process.stdin.close()
        self.process.wait(20)
        self.file.seek(0)
        content = self.file.read()
        self.file.close()
        os.unlink(self.file.name)
        offset = 24
        while offset + 16 <= len(content):
            seconds, micros, length, _ = struct.unpack_from("<IIII", content, offset)
            yield seconds + micros / 1e6, content[offset + 16:offset + 16 + length]
            offset += 16 + length


class Background(threading.Thread):
    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.result = work, None
        self.start()

    def run(self):
        self.result = self.work()

    def wait(self, seconds):
        self.join(seconds)
        return self.result if self.result is not None else {"error": "no answer in time"}


def console(vm):
    return pathlib.Path(f"/run/transhumance/lab/console/{vm}.log").read_text(errors="replace")


def work(vm):
    """A guest's iterations, resets, wrong bytes and boots, as its console says; nothing before it has begun."""
    lines = re.findall(r"iterations=(\d+) resets=(\d+).*corrupt=(\d+) boot=(\S+)", console(vm))
    return [*map(int, lines[-1][:3]), len({line[3] for line in lines})] if lines else []


def wait_for_work(vms):
    for _ in range(60):
        if all(work(vm) and work(vm)[0] > 0 for vm in vms):
            return
        time.sleep(1)
    raise RuntimeError(f"the guests don't begin: { {vm: work(vm) for vm in vms} }")
