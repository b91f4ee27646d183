"""What `collector.py` lets fail besides controllers."""
import contextlib
import random
import time

from collector_cases import complete, stored, sums
from collector_lab import Controller, Hosts, Link, instant


def faults(bench, report, load, stores):
    for store in stores:
        hosts_killed(bench, report, load, store)
        link_cut(bench, report, load, store)
    spool_overflows(bench, report, load, stores[0])
    if "sqlite" in stores:
        controller_disk_full(bench, report, load)
    hosts_disk_full(bench, report, load, stores[0])
    if "postgres" in stores:
        postgres_restarted(bench, report, load)


@contextlib.contextmanager
def running(bench, load, store, folder=None):
    with stored(bench, store) as (database, server):
        controller = Controller(bench, load, database, folder).start()
        try:
            controller.wait_for("listens at")
            yield controller, server
        finally:
            controller.kill()


def missing_hosts(controller, load, first):
    """By period: whose counts the controller says are missing; all, of a period that it doesn't know."""
    held = controller.periods()
    names = sorted(f"h{number}" for number in range(1, load.hosts + 1))
    starts = [instant(first + number * load.period) for number in range(load.count)]
    return {start: held[start]["missingHosts"] if start in held else names for start in starts}


def stated(report, bench, case, store, controller, load, first, kept, figure):
    """All that was kept is there, and of the rest it is said that it isn't."""
    end = time.monotonic() + 60
    while True:
        missing = missing_hosts(controller, load, first)
        lost = {(start, host) for start, hosts in missing.items() for host in hosts}
        if not lost & kept or time.monotonic() > end:
            break
        time.sleep(1)
    report.add(case, store, figure, len(lost & kept), f"{len(lost & kept)} missing of {len(kept)} that spools held, "
               f"{len(lost)} of {load.hosts * load.count} stated as missing", "none of the first", not lost & kept)
    sums(report, case, store, controller, bench.expected(load, first, missing), "sums without what is stated as missing")


def hosts_killed(bench, report, load, store):
    with running(bench, load, store) as (controller, _):
        first = load.first(20)
        hosts = Hosts(bench, load, [controller.address], first).start()
        for share in (0.25, 0.5, 0.75):
            time.sleep(max(0, first + load.seconds * share + random.uniform(0, load.period) - time.time()))
            hosts.process.kill()
            hosts.process.wait()
            hosts.start()
        hosts.summary()
        stated(report, bench, "faults", store, controller, load, first, hosts.kept(), "hosts killed three times")


def link_cut(bench, report, load, store):
    with running(bench, load, store) as (controller, _):
        link = Link(controller.port)
        first = load.first(20)
        hosts = Hosts(bench, load, [link.address], first, patience=120).start()
        time.sleep(max(0, first + load.seconds / 4 - time.time()))
        link.cut()
        time.sleep(load.seconds / 4)
        link.heal()
        summary = hosts.summary()
        sums(report, "faults", store, controller, complete(summary),
             f"sums, with the link cut for {load.seconds / 4:.0f} s ({summary['reconnects']} reconnects)")


def spool_overflows(bench, report, load, store):
    """Of a host whose disk has room for some reports only, while the link is cut."""
    with running(bench, load, store) as (controller, _):
        link = Link(controller.port)
        first = load.first(20)
        room = 3 * 70 * load.pairs // load.hosts
        hosts = Hosts(bench, load, [link.address], first, patience=120, spool_limit=room).start()
        time.sleep(max(0, first + 2.5 * load.period - time.time()))
        link.cut()
        time.sleep(load.seconds * 0.7)
        link.heal()
        lost = hosts.summary()["reports"]["lost"]
        time.sleep(10)
        missing = missing_hosts(controller, load, first)
        count = sum(map(len, missing.values()))
        report.add("faults", store, "lost for want of room, and stated", [lost, count], f"{lost} and {count}",
                   "the same, above 0", lost == count > 0)
        sums(report, "faults", store, controller, bench.expected(load, first, missing),
             "sums without what is stated as missing")


def fill(folder):
    """Takes all that is left on a disk."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as ballast:
        for piece in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    ballast.write(b"\0" * piece)
            except OSError:
                continue
    return path


def controller_disk_full(bench, report, load):
    with running(bench, load, "sqlite", bench.small_disk(512)) as (controller, _):
        first = load.first(20)
        hosts = Hosts(bench, load, [controller.address], first, patience=120).start()
        time.sleep(max(0, first + load.seconds / 4 - time.time()))
        ballast = fill(controller.folder)
        time.sleep(load.seconds / 4)
        told = controller.said("can't be kept")
        ballast.unlink()
        summary = hosts.summary()
        sums(report, "faults", "sqlite", controller, complete(summary),
             f"sums, with the controller's disk full for {load.seconds / 4:.0f} s ({told} lines of it)")


def hosts_disk_full(bench, report, load, store):
    """While the controller is away, so that they need it."""
    with running(bench, load, store) as (controller, _):
        link = Link(controller.port)
        first = load.first(20)
        disk = bench.small_disk(256)
        hosts = Hosts(bench, load, [link.address], first, disk, patience=120).start()
        time.sleep(max(0, first + load.seconds / 4 - time.time()))
        link.cut()
        ballast = fill(disk)
        time.sleep(load.seconds / 4)
        ballast.unlink()
        time.sleep(load.seconds / 8)
        link.heal()
        summary = hosts.summary()
        report.add("faults", store, "reports lost, with the hosts' disk full and the link cut", summary["reports"]["lost"],
                   None, "0", summary["reports"]["lost"] == 0)
        sums(report, "faults", store, controller, complete(summary))


def postgres_restarted(bench, report, load):
    with running(bench, load, "postgres") as (controller, server):
        first = load.first(20)
        hosts = Hosts(bench, load, [controller.address], first, patience=120).start()
        for share in (0.25, 0.6):
            time.sleep(max(0, first + load.seconds * share - time.time()))
            server.do("stop")
            time.sleep(3)
            server.do("start")
        summary = hosts.summary()
        controller.wait_for("listens at", 120)
        sums(report, "faults", "postgres", controller, complete(summary), "sums, with PostgreSQL started anew twice")
