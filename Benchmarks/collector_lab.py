"""Controllers, a PostgreSQL server, emulated hosts and the link between them, in a folder that goes with the program."""
import asyncio
import ctypes
import dataclasses
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def end_with_parent():
    """Also where the program is killed (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_port():
    """Below those that the kernel gives to whoever dials, so that nobody takes it while a controller is away."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


@dataclasses.dataclass(frozen=True)
class Load:
    hosts: int = 100
    vms: int = 10_000
    pairs: int = 200_000
    period: int = 2
    count: int = 120
    seed: int = 1

    def words(self):
        return [word for name in ("hosts", "vms", "pairs", "period", "count", "seed")
                for word in (f"--{name}", str(getattr(self, name)))]

    def first(self, seconds):
        """When the first period begins that does so in that many seconds or later, since 1970."""
        return (int(time.time() + seconds) // self.period + 1) * self.period

    @property
    def seconds(self):
        return self.period * self.count


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Bench:
    """The folder, and all that runs in it."""

    def __init__(self, build):
        self.transhumance = str((pathlib.Path(build) / "transhumance").resolve())
        self.emulated = str((pathlib.Path(build) / "emulated-hosts").resolve())
        for program in (self.transhumance, self.emulated):
            if not os.access(program, os.X_OK):
                raise SystemExit(f"{program} is missing: swift build -c release --product {pathlib.Path(program).name}")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="transhumance-collector-"))
        # PostgreSQL's user has to pass.
        self.folder.chmod(0o711)
        # Emulated hosts share one disk, which isn't what is measured: theirs is memory.
        shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.memory = pathlib.Path(tempfile.mkdtemp(prefix="transhumance-collector-", dir=shared))
        self.processes, self.mounts, self.last = [], [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for mount in self.mounts:
            subprocess.run(["umount", "-l", mount], check=False)
        for folder in (self.folder, self.memory):
            shutil.rmtree(folder, ignore_errors=True)

    def new_folder(self, name, parent=None):
        self.last += 1
        folder = (parent or self.folder) / f"{self.last}-{name}"
        folder.mkdir(mode=0o711)
        return folder

    def small_disk(self, mebibytes):
        """A folder with a file system of its own."""
        folder = self.new_folder("disk")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", folder], check=True)
        self.mounts.append(folder)
        return folder

    def run(self, *words, text=None, check=True, seconds=120):
        done = subprocess.run([str(word) for word in words], input=text, stdin=None if text else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds)
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, *words, **streams):
        process = subprocess.Popen([str(word) for word in words], preexec_fn=end_with_parent,
                                   **{"stdin": subprocess.DEVNULL} | streams)
        self.processes.append(process)
        return process

    def authority(self):
        folder = self.folder / "pki"
        if not folder.exists():
            self.run(self.transhumance, "ca", "init", "--cert-dir", folder)
        return folder

    def expected(self, load, first, missing):
        """What ought to be known of each period; `missing`: hosts, by the period's start."""
        lines = "".join(f"{start} {' '.join(hosts)}\n" for start, hosts in missing.items())
        text = self.run(self.emulated, "expect", *load.words(), "--start", instant(first), text=lines or None).stdout
        return json.loads(text)


def processor(pid):
    """Seconds that a process has run, and its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / CLOCK_TICKS


class Controller:
    def __init__(self, bench, load, database=None, folder=None):
        self.bench, self.load, self.database = bench, load, database
        self.folder = folder or bench.new_folder("controller")
        self.port = free_port()
        # Not on its own disk, which may be full.
        self.socket, self.log = self.folder / "controller.sock", bench.new_folder("log") / "log"
        self.federation = self.folder / "federation.yaml"
        self.federation.write_text(bench.run(bench.emulated, "federation", "--hosts", load.hosts).stdout)
        self.process = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        self.offset = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = self.bench.start(
                self.bench.transhumance, "controller", "--federation", self.federation, "--state", self.folder,
                "--listen", self.address, "--cert-dir", self.bench.authority(), "--join-listen", "127.0.0.1:0", "--no-http",
                *(["--database", self.database] if self.database else []), stdout=log, stderr=log)
        return self

    def said(self, words):
        """Since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self.offset)
            return log.read().count(words.encode())

    def leads(self):
        """Whether it is the leader, and listens."""
        with self.log.open("rb") as log:
            log.seek(self.offset)
            text = log.read()
            return text.rfind(b"listens at") > text.rfind(b"leads no more")

    def wait_for(self, words, seconds=60, after=0):
        """Returns when its log has the words more often than that."""
        end = time.monotonic() + seconds
        while self.said(words) <= after:
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"the controller didn't say \"{words}\" in {seconds} s:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.02)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def signal(self, number):
        os.kill(self.process.pid, number)

    def peak(self):
        """Bytes of memory that it had at most."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def periods(self):
        """What it holds, by start; nothing where it doesn't answer."""
        try:
            done = self.bench.run(self.bench.transhumance, "get", "periods", "--format", "json", "--controller",
                                  self.socket, check=False, seconds=30)
        except subprocess.TimeoutExpired:
            return {}
        return {period["start"]: period for period in json.loads(done.stdout)["periods"]} if done.returncode == 0 else {}

    def ask(self, first, *words, seconds=600):
        return json.loads(self.bench.run(
            self.bench.emulated, "ask", "--socket", self.socket, "--start", instant(first), "--count", self.load.count,
            "--period", self.load.period, *words, seconds=seconds).stdout)

    def kept(self, start):
        """Of a period that needn't be held in memory; None where nothing is known of it, or it doesn't answer."""
        done = self.bench.run(self.bench.emulated, "ask", "--socket", self.socket, "--start", start, "--count", 1, "--period",
                              self.load.period, "--answer", "detail", "--times", 1, check=False)
        if done.returncode != 0:
            return None
        found = json.loads(done.stdout)
        return {"packets": round(found["packets"]), "ipBytes": round(found["ipBytes"]), "pairs": found["rows"],
                "missingHosts": found["missingHosts"]}

    def disk(self):
        """Bytes of its database file."""
        return sum(path.stat().st_size for path in self.folder.glob("controller.sqlite*"))


class Postgres:
    """A server as the tests have it, but one that writes to the disk."""

    def __init__(self, bench):
        self.folder = bench.new_folder("postgres")
        versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        if not versions:
            raise SystemExit("PostgreSQL isn't installed: apt-get install postgresql")
        self.process = bench.start(
            ROOT / "Tests/Fixtures/postgres/server.sh", versions[-1], self.folder, "-c", "fsync=on", "-c",
            "shared_buffers=128MB", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.last = 0
        self.answer()

    def answer(self):
        lines = []
        for line in self.process.stdout:
            if line.startswith("= "):
                if line != "= 0\n":
                    raise RuntimeError("PostgreSQL: " + "".join(lines))
                return lines
            lines.append(line.rstrip("\n"))
        raise RuntimeError("PostgreSQL has ended: " + "".join(lines))

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()

    def new_database(self):
        self.last += 1
        self.do(f"sql postgres CREATE DATABASE bench{self.last}")
        return f"postgresql://postgres@/bench{self.last}?host={self.folder}"

    def sql(self, statement):
        """In the newest database."""
        return self.do(f"sql bench{self.last} {statement}")

    def disk(self):
        return int(self.sql("SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n "
                            "ON n.oid = c.relnamespace WHERE n.nspname = 'transhumance' AND c.relkind = 'r'")[0])

    def processor(self):
        """Seconds of all its processes."""
        first = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        total = processor(first)
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                if re.search(rf"^PPid:\t{first}$", status.read_text(), re.M):
                    total += processor(status.parent.name)
            except (OSError, IndexError):
                continue
        return total

    def end(self):
        self.process.stdin.close()
        self.process.wait()


class Hosts:
    """Emulated hosts that report from a time on."""

    def __init__(self, bench, load, targets, first, folder=None, **options):
        self.bench, self.load, self.targets, self.first, self.options = bench, load, targets, first, options
        self.folder, self.beside = folder or bench.new_folder("hosts", bench.memory), bench.new_folder("output")
        self.starts = 0
        self.ledger, self.errors = self.beside / "ledger", self.beside / "errors"

    def start(self):
        self.starts += 1
        self.output = self.beside / f"output-{self.starts}"
        more = [word for name, value in self.options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        with self.output.open("wb") as output, self.errors.open("ab") as errors:
            self.process = self.bench.start(
                self.bench.emulated, "report", *self.load.words(), "--start", instant(self.first), "--state", self.folder,
                "--cert-dir", self.bench.authority(), "--ledger", self.ledger,
                *[word for target in self.targets for word in ("--controller", target)], *more,
                stdout=output, stderr=errors)
        return self

    def summary(self, seconds=900):
        """Waits until the run has told what it did."""
        end = time.monotonic() + seconds
        while not self.output.read_bytes().endswith(b"\n"):
            if time.monotonic() > end or self.process.poll() is not None and not self.output.read_bytes():
                raise RuntimeError(f"the emulated hosts told nothing:\n{self.errors.read_text()[-3000:]}")
            time.sleep(0.1)
        return json.loads(self.output.read_text())

    def kept(self):
        """Pairs of a period's start and a host whose report was in its spool."""
        return {tuple(line.split()) for line in self.ledger.read_text().splitlines()}


class Link:
    """A TCP proxy that can be cut, without a word to either end."""

    def __init__(self, port):
        self.target, self.port = port, free_port()
        self.writers, self.loop = set(), asyncio.new_event_loop()
        self.open = asyncio.Event()
        self.open.set()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def _serve(self, ready):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", self.port))
        ready.set()
        self.loop.run_forever()

    async def _accept(self, reader, writer):
        await self.open.wait()
        try:
            there, answer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return writer.close()
        self.writers |= {writer, answer}
        await asyncio.gather(self._pass(reader, answer), self._pass(there, writer))

    async def _pass(self, reader, writer):
        try:
            while data := await reader.read(1 << 16):
                await self.open.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    def cut(self):
        self.loop.call_soon_threadsafe(self.open.clear)

    def heal(self):
        """What was under way is lost: connections that there were are reset."""
        def end():
            for writer in list(self.writers):
                writer.transport.abort()
            self.open.set()
        self.loop.call_soon_threadsafe(end)
