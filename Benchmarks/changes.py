#!/usr/bin/env python3
"""How long the loop takes from a change to its being followed, in the lab of `make demo`:

price      hosting at one site becomes dear (federation.yaml is edited): the VMs of an application leave it
drain      a host is drained, after `--dry-run`: its VMs leave it

Exit code 1 where VMs are anywhere else afterwards than they ought to be. Needs root, and no lab.
"""
import json
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Demo"))
from guests import Guests  # noqa: E402
from program import document, run  # noqa: E402

FEDERATION = pathlib.Path("/run/transhumance/lab/federation.yaml")
VMS = ["vm1", "vm3", "vm5", "vm7"]


def main():
    run("lab", "up", str(ROOT / "Demo/lab.yaml"), "--period", "10", seconds=240)
    guests = Guests(VMS)
    good = True
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "cost.yaml"
            file.write_text(json.dumps({"name": "cost", "objective": "cost", "mode": "automatic",
                                        "vms": [{"name": vm} for vm in VMS]}))
            run("apply", "-f", str(file))
        wait("a first decision", lambda: application()["decision"] and "data" not in application()["reason"])
        print("| change | seen after s | all VMs there after s | moves | reason |\n| --- | --- | --- | --- | --- |")
        good &= followed("hosting at b costs 1 an hour, at a 0", dear, lambda host: host.startswith("a"))
        wait("the plan's verification", lambda: document("get", "plans")["plans"][-1]["state"] == "done")
        host = document("get", "vms", "vm1")["vms"][0]["host"]
        print(f"dry run: {run('drain', host, '--dry-run').splitlines()[0]}", file=sys.stderr)
        good &= followed(f"drain {host}", lambda: run("drain", host), lambda place: place != host)
        if guests.resets or guests.corrupt or guests.restarts:
            print(f"GUESTS DISTURBED: {guests.faults} {guests.restarts}")
            good = False
    finally:
        guests.end()
        run("lab", "down")
    sys.exit(0 if good else 1)


def application():
    return document("get", "applications")["applications"][0]


def wait(what, is_there, seconds=180):
    deadline = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > deadline:
            sys.exit(f"no {what} in {seconds} s")
        time.sleep(0.5)


def dear():
    """An operator's editor: anew beside, and renamed."""
    text = FEDERATION.read_text()
    beside = FEDERATION.with_suffix(".new")
    beside.write_text(re.sub(r'(- name: "?b"?\n)', r"\1    price: {vmHour: 1}\n", text, count=1))
    if beside.read_text() == text:
        sys.exit(f"{FEDERATION} has no site b where a price could be set")
    beside.rename(FEDERATION)


def followed(name, change, fits):
    before = len(document("get", "plans")["plans"])
    start = time.monotonic()
    change()
    wait("plan", lambda: len(document("get", "plans")["plans"]) > before)
    seen = time.monotonic() - start
    wait("end of the plan", lambda: document("get", "plans")["plans"][-1]["state"] not in ("approved", "running"))
    done = time.monotonic() - start
    plan = document("get", "plans")["plans"][-1]
    places = {vm["name"]: vm["host"] for vm in document("get", "vms", *VMS)["vms"]}
    good = all(fits(host) for host in places.values())
    print(f"| {name} | {seen:.1f} | {done:.1f} | {len(plan['steps'])} | {plan['reason'] if good else f'WRONG: {places} {plan}'} |",
          flush=True)
    return good


if __name__ == "__main__":
    main()
