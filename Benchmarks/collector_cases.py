"""What `collector.py` measures."""
import contextlib
import random
import signal
import statistics
import subprocess
import time
import uuid

from collector_lab import Controller, Hosts, Load, Postgres, processor


class Report:
    """Rows of a table: what was measured, with the bar beside."""

    def __init__(self, is_json, is_patient):
        self.rows, self.is_good, self.is_json, self.is_patient = [], True, is_json, is_patient
        if not is_json:
            print("| case | store | figure | measured | bar | |\n| --- | --- | --- | --- | --- | --- |")

    def add(self, case, store, figure, value, text=None, bar=None, is_good=None, is_timed=False):
        """`is_good` None: only stated; `is_timed`: a slow machine may miss it."""
        self.rows.append({"case": case, "store": store, "figure": figure, "value": value, "bar": bar, "isGood": is_good})
        self.is_good &= is_good is not False or is_timed and self.is_patient
        if not self.is_json:
            verdict = {None: "", True: "good", False: "**BAD**"}[is_good]
            print(f"| {case} | {store} | {figure} | {text or value} | {bar or ''} | {verdict} |", flush=True)


@contextlib.contextmanager
def stored(bench, store):
    """A database's address, and its server; with SQLite neither."""
    server = Postgres(bench) if store == "postgres" else None
    try:
        yield server.new_database() if server else None, server
    finally:
        if server:
            server.end()


def differences(controller, expected, seconds=90):
    """Waits until the controller knows of each period what it ought to; what it has otherwise then, and of which hosts it
    says that counts are missing."""
    end = time.monotonic() + seconds
    while True:
        held, wrong = controller.periods(), []
        is_last = time.monotonic() > end
        for period in expected:
            found = held.get(period["start"]) or (controller.kept(period["start"]) if held else None)
            if found is None and period["pairs"] == 0:
                continue
            for key in ("packets", "ipBytes", "pairs", "missingHosts"):
                if found is None or found[key] != period[key]:
                    wrong.append(f"{period['start']}: {key} {found and found[key]}, not {period[key]}")
                    break
        if not wrong or is_last:
            return wrong
        time.sleep(1)


def sums(report, case, store, controller, expected, figure="sums of all periods"):
    wrong = differences(controller, expected)
    text = f"{len(expected) - len(wrong)} of {len(expected)} exact" + (f": {'; '.join(wrong[:3])}" if wrong else "")
    report.add(case, store, figure, len(expected) - len(wrong), text, "all exact", not wrong)
    return not wrong


def complete(summary):
    return [period | {"missingHosts": []} for period in summary["periods"]]


def mebibytes(count):
    return f"{count / 2**20:.0f} MiB"


# Load and queries


def load(bench, report, load, store, cases):
    with stored(bench, store) as (database, server):
        controller = Controller(bench, load, database).start()
        controller.wait_for("listens at")
        first = load.first(20)
        linger = 3600 if "queries" in cases else 0
        hosts = Hosts(bench, load, [controller.address], first, patience=300, linger=linger).start()
        time.sleep(max(0, first - time.time()))
        before = processor(controller.process.pid), server.processor() if server else 0
        summary = hosts.summary()
        own, others = processor(controller.process.pid) - before[0], (server.processor() if server else 0) - before[1]
        peak = controller.peak()
        if "load" in cases:
            costs(report, "load", store, load, summary, own, others, peak)
            sums(report, "load", store, controller, complete(summary))
        if "queries" in cases:
            queries(bench, report, load, store, controller, first, summary)
        hosts.process.kill()
        controller.kill()


def costs(report, case, store, load, summary, own, others, peak):
    late, reports = summary["lateness"], load.hosts * load.count
    times = {key: None if late[key] is None else round(1000 * late[key]) for key in ("p50", "p99", "max")}
    report.add(case, store, "from a period's end to the acknowledgement, ms", times,
               f"p50 {times['p50']}, p99 {times['p99']}, most {times['max']}", f"≤ {1000 * load.period}",
               late["max"] is not None and late["max"] <= load.period, is_timed=True)
    report.add(case, store, "reports acknowledged", summary["reports"],
               f"{summary['reports']['acknowledged']} of {reports}; {summary['reports']['refused']} refused, "
               f"{summary['reports']['lost']} lost, {summary['reconnects']} reconnects", "all",
               summary["reports"]["acknowledged"] == reports and summary["reports"]["refused"] == 0)
    report.add(case, store, "memory of the controller at most", peak, mebibytes(peak), "< 1024 MiB", peak < 2**30)
    report.add(case, store, "processor time a report, ms", 1000 * own / reports,
               f"{1000 * own / reports:.2f}" + (f" and {1000 * others / reports:.2f} of PostgreSQL" if others else ""))
    report.add(case, store, "processor time a pair and period, µs", 1e6 * own / load.pairs / load.count,
               f"{1e6 * own / load.pairs / load.count:.2f}, {100 * own / load.seconds:.0f} % of a core")


def queries(bench, report, load, store, controller, first, summary):
    applications = [f"app{number + 1}" for number in range(min(10, load.vms // 100))]
    for number, name in enumerate(applications):
        file = controller.folder / f"{name}.yaml"
        vms = "".join(f"  - {{name: vm{vm + 1}, vcpus: 1, memoryGiB: 1}}\n" for vm in range(100 * number, 100 * number + 100))
        file.write_text(f"name: {name}\nobjective: cost\nremainingHours: none\nvms:\n{vms}")
        bench.run(bench.transhumance, "apply", "-f", file, "--mode", "advise", "--controller", controller.socket)
    for answer in ("mean", "weighted"):
        words = [word for name in applications for word in ("--application", name)]
        asked = controller.ask(first, "--answer", answer, "--times", 300, *words)
        add_times(report, store, f"one application's {load.count} periods, {answer}, of {asked['rows']} pairs, ms", asked, 50)
    for answer, times, bound in (("mean", 20, 1000), ("weighted", 20, 1000), ("detail", 1, None)):
        asked = controller.ask(first, "--answer", answer, "--times", times)
        add_times(report, store, f"all {load.count} periods, {answer}, {asked['rows']} rows, ms", asked, bound)
        if answer == "mean":
            ratio = asked["packets"] * load.count / summary["total"]["packets"]
            report.add("queries", store, "packets of that mean, of those sent", ratio, f"{ratio:.12f}", "1",
                       asked["isExact"] and abs(ratio - 1) < 1e-9)


def add_times(report, store, figure, asked, bound):
    """The bound is that of the 99th of a hundred."""
    times = asked["milliseconds"]
    p50, p99 = statistics.median(times), times[min(len(times) - 1, int(0.99 * len(times)))]
    report.add("queries", store, figure, {"p50": p50, "p99": p99, "times": len(times)},
               f"p50 {p50:.1f}, p99 {p99:.1f} of {len(times)}", bound and f"p99 < {bound}",
               p99 < bound if bound else None, is_timed=True)


def growth(bench, report, load, store):
    """Processor time and bytes, with a tenth of the pairs and with all."""
    spent, kept = [], []
    for pairs in (load.pairs // 10, load.pairs):
        part = Load(load.hosts, load.vms, pairs, load.period, load.count, load.seed)
        with stored(bench, store) as (database, server):
            controller = Controller(bench, part, database).start()
            controller.wait_for("listens at")
            first = part.first(20)
            hosts = Hosts(bench, part, [controller.address], first, patience=300).start()
            time.sleep(max(0, first - time.time()))
            before = processor(controller.process.pid) + (server.processor() if server else 0)
            summary = hosts.summary()
            spent.append(processor(controller.process.pid) + (server.processor() if server else 0) - before)
            sums(report, "growth", store, controller, complete(summary), f"sums of all periods of {pairs} pairs")
            controller.kill()
            kept.append((server.disk() if server else controller.disk()) / (pairs * load.count))
    ratio = spent[1] / spent[0]
    report.add("growth", store, f"processor time, {load.pairs} pairs against {load.pairs // 10}", ratio,
               f"{ratio:.1f} times ({spent[0]:.1f} s, {spent[1]:.1f} s in {load.seconds} s)", "≤ 12", ratio <= 12,
               is_timed=True)
    report.add("growth", store, "bytes on disk a pair and period, of which both ends reported", kept,
               f"{kept[0]:.1f} and {kept[1]:.1f}")


# The controller is killed


def kills(bench, report, load, store, count):
    with stored(bench, store) as (database, _):
        controller = Controller(bench, load, database).start()
        controller.wait_for("listens at")
        first = load.first(20)
        hosts = Hosts(bench, load, [controller.address], first, patience=600).start()
        instants = sorted(random.uniform(first, first + load.seconds) for _ in range(count))
        for due in instants:
            time.sleep(max(0, due - time.time()))
            controller.kill()
            controller.start()
        summary = hosts.summary(1800)
        figure = f"sums of {load.count} periods after {count} kills, at " + \
            " ".join(f"{due - first:.1f}" for due in instants) + " s"
        controller.wait_for("listens at", 300)
        sums(report, "kills", store, controller, complete(summary), figure)
        late = summary["lateness"]["max"]
        report.add("kills", store, "a report waited at most, s", late, f"{late:.1f}")
        report.add("kills", store, "connections dialled anew", summary["reconnects"])
        # What it has in memory is one thing, what it has kept another.
        controller.kill()
        controller.start().wait_for("listens at", 300)
        sums(report, "kills", store, controller, complete(summary), "the same, read by the next controller")
        controller.kill()


# Two controllers, one database


def cluster(bench, report, load, kill_count, pause_count):
    with stored(bench, "postgres") as (database, server):
        both = [Controller(bench, load, database) for _ in range(2)]
        for controller, words in zip(both, ("listens at", "stands by")):
            controller.start().wait_for(words)
        first = load.first(20)
        hosts = Hosts(bench, load, [controller.address for controller in both], first, patience=600).start()
        acts = ["kill"] * kill_count + ["pause"] * pause_count
        random.shuffle(acts)
        struck, refused, epochs = [], 0, [epoch(server)]
        time.sleep(max(0, first + 4 - time.time()))
        gap = max(0.0, load.seconds / len(acts) - 12)
        for act in acts:
            leader = wait_for_leader(server, both)
            other = next(controller for controller in both if controller is not leader)
            time.sleep(random.uniform(0, gap))
            struck.append((time.time(), leader.address))
            if act == "kill":
                leader.kill()
                wait_for_leader(server, both, besides=leader)
                leader.start()
            else:
                leader.signal(signal.SIGSTOP)
                # Of an operator who asked it just before; it finds the request when it goes on.
                token = uuid.uuid4().hex
                asked = subprocess.Popen(
                    [bench.transhumance, "pause", "--reason", token, "--controller", leader.socket],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                wait_for_leader(server, both, besides=leader)
                time.sleep(4)
                leader.signal(signal.SIGCONT)
                code = asked.wait(60)
                paused = bench.run(bench.transhumance, "get", "applications", "--controller", other.socket)
                refused += code != 0 and token not in paused.stderr
                leader.wait_for("leads no more")
            epochs.append(epoch(server))
            time.sleep(2)
        summary = hosts.summary(1800)
        served(report, load, summary, struck)
        leader = wait_for_leader(server, both)
        sums(report, "cluster", "postgres", leader, complete(summary),
             f"sums of {load.count} periods after {kill_count} kills and {pause_count} pauses of the leader")
        report.add("cluster", "postgres", "what the paused leader was asked to write, refused", refused,
                   f"{refused} of {pause_count}", "all", refused == pause_count)
        rising = all(before < after for before, after in zip(epochs, epochs[1:]))
        report.add("cluster", "postgres", "epochs", epochs, f"{epochs[0]} to {epochs[-1]}", "each above the last", rising)
        for controller in both:
            controller.kill()


def epoch(server):
    return int(server.sql("SELECT epoch FROM transhumance.lease")[0])


def wait_for_leader(server, controllers, besides=None, seconds=60):
    """The one that leads and listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = server.sql("SELECT holder FROM transhumance.lease WHERE expires > clock_timestamp()")
        for controller in controllers:
            if controller is not besides and found and f"(process {controller.process.pid})" in found[0] \
                    and controller.leads():
                return controller
        time.sleep(0.05)
    logs = "\n".join(f"{controller.address}:\n{controller.log.read_text()[-3000:]}" for controller in controllers)
    raise RuntimeError(f"none of the controllers leads after {seconds} s, of the lease: {found}\n{logs}")


def served(report, load, summary, struck):
    """From each strike to the next greeting of each host that was connected to the one that was struck."""
    longest = 0.0
    for connections in summary["connections"].values():
        for when, address in struck:
            before = [connection for connection in connections if connection["at"] <= when]
            if before and before[-1]["controller"] == address:
                later = [connection["at"] for connection in connections if connection["at"] > when]
                longest = max(longest, min(later) - when if later else float("inf"))
    report.add("cluster", "postgres", "a host was without a controller at most, s", longest, f"{longest:.2f}", "≤ 5",
               longest <= 5 and len(summary["connections"]) == load.hosts, is_timed=True)
    late = summary["lateness"]["max"]
    report.add("cluster", "postgres", "a report waited at most, s", late, f"{late:.1f}")
