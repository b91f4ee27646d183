#!/usr/bin/env python3
"""An application scattered over two sites is sensed, grouped, planned and brought together, live, in a lab of this
machine. Tells what happens, cleans up however it ends, and writes .demo/summary.json. Needs root.

`--keep` leaves the lab up and says what to try.
"""
import argparse
import datetime
import json
import os
import re
import signal
import sys
import time

import words
from guests import Guests
from program import ROOT, Events, Failure, Guardian, call, document, instant, run
from story import PERIOD, Act, show_matrix, status

VMS = [f"vm{number}" for number in range(1, 9)]
HOSTS = ["a1", "a2", "b1", "b2"]
HERE = ROOT / "Demo"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", action="store_true", help="leave the lab up")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("The demo makes network namespaces and runs virtual machines: run it as root (sudo make demo).")
    if call("lab", "status").returncode == 0:
        sys.exit("A lab is up already, which the demo would replace: `transhumance lab down` ends it.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    guardian, code = Guardian(), 1
    try:
        play()
        code = 0
    except Failure as failure:
        words.tell(f"The demo can't go on: {failure}", "✗")
    except KeyboardInterrupt:
        words.tell("interrupted", "✗")
        code = 130
    finally:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        if options.keep and code == 0:
            guardian.leave()
            say_what_to_try()
        else:
            words.tell("taking the lab down …")
            guardian.take_down()
    sys.exit(code)


def play():
    start = time.monotonic()
    words.heading("The scene")
    words.say("""An application runs on eight virtual machines, two on each of four hosts. Two hosts are at site a, two at
        site b, and a message between the sites takes 5 ms. All of it is made on this machine now: network namespaces for
        hosts, QEMU for virtual machines, and a network between the sites that is as slow as it says. On each host an agent
        watches the packets of its VMs from outside; nothing in a VM is touched.""")
    run("lab", "up", str(HERE / "lab.yaml"), "--period", str(PERIOD), seconds=240, show_errors=True)
    guests = Guests(VMS)
    events = Events()
    try:
        wait_for("the guests to work", lambda: guests.working(1))
        summary = act_one(events, guests)
        second = act_two(events, guests)
        third = act_three(events, guests)
        end(start, guests, summary, second, third)
    finally:
        events.end()
        guests.end()


def act_one(events, guests):
    words.heading("First act: together what belongs together")
    words.say("""In each iteration every second VM asks its neighbour 20 times and waits for each answer, in the next one the others
        ask; then each computes 20,000 steps and pauses 60 ms. Who is whose neighbour, nobody but the VMs knows. The agents count who sends how much to whom, and how
        often one waits for another, and report it every 10 s. A decision needs 30 s of data.""")
    act = Act(events, guests, 1)
    act.sense(3)
    show_matrix(VMS)
    words.say("""Now the controller is told which VMs are the application, that it shall be fast, and that the controller may
        act by itself (`transhumance apply`).""")
    words.tell(run("apply", "-f", str(HERE / "application.yaml"), "--mode", "automatic").strip())
    act.watch()
    return told(act)


def act_two(events, guests):
    words.heading("Second act: the application changes, and the loop follows")
    words.say("""Now other VMs belong together: vm1 to vm4, and vm5 to vm8. The program in the VMs goes over to its next
        phase; nobody tells the controller. It sees that other VMs talk to each other than before, and decides once it has
        30 s of data of that alone.""")
    run("lab", "phase", "2")
    act = Act(events, guests, 2)
    act.watch()
    return told(act)


def told(act):
    """The figures of an act, told and returned."""
    before, after, load = act.figures()
    plan = act.plan
    gain = after / before if before else 0
    words.say("What it brought, by this machine's clock:")
    words.comparison(before, after)
    achieved = plan.get("achievedGain")
    words.tell(f"{gain:.2f} times as fast; expected were {plan['predictedGain']:.2f} times"
               + (f", by the messages that the controller counted {achieved:.2f}" if achieved else "") + ".", "✓")
    words.tell(f"After the moves all guests together take {100 * load:.0f} % of the cores.", " ")
    return {"groups": status()["groups"], "iterationsPerSecondBefore": round(before, 2),
            "iterationsPerSecondAfter": round(after, 2), "gain": round(gain, 2), "guestsShareOfCoresAfter": round(load, 3),
            "plan": {key: plan.get(key) for key in ("plan", "predictedGain", "achievedGain", "reason")},
            "moves": [moved(step) for step in plan["steps"]]}


def moved(step):
    move = step.get("move") or {}
    return {"vm": step["vm"], "from": step["from"], "to": step["to"], "lostPackets": step.get("lostPackets")} | {
        key: move.get(key) for key in ("totalSeconds", "downtimeSeconds", "gapSeconds")}


def act_three(events, guests):
    words.heading("Third act: what is better left where it is")
    words.say("""The VMs go back to their first groups, which are now torn over both sites, as at the beginning. But they
        exchange one message with each neighbour and then rest for 300 ms: much is sent, yet hardly anybody waits.""")
    run("lab", "phase", "3")
    begun = datetime.datetime.now(datetime.timezone.utc)
    act, moves = Act(events, guests, 3), len(document("get", "moves")["moves"])
    while True:
        event = events.next(120)
        if event is None:
            raise Failure("nothing was decided in 120 s")
        act.take(event)
        now = status() if event["kind"] == "period" else {}
        if now.get("decided") and (instant(now["decided"]) - begun).total_seconds() >= 30 + PERIOD:
            break
    show_matrix(VMS)
    words.tell(f"groups: {' '.join('{' + ', '.join(group) + '}' for group in now['groups']) or now['grouping']}", "▸")
    words.tell(f"decision: {now['decision']}: {now['reason']}", "✓")
    return {"decision": now["decision"], "reason": now["reason"], "groups": now["groups"],
            "moves": len(document("get", "moves")["moves"]) - moves}


def end(start, guests, first, second, third):
    places = {}
    for host in HOSTS:
        for vm in re.findall(r"\b(vm\d)\s+running", run("lab", "exec", host, "--", "virsh", "list", "--all")):
            places.setdefault(vm, []).append(host)
    wrong = {vm: places.get(vm, []) for vm in VMS if len(places.get(vm, [])) != 1}
    summary = {"seconds": round(time.monotonic() - start), "groups": first["groups"], "plan": first["plan"],
               "moves": first["moves"],
               "application": {key: first[key] for key in (
                   "iterationsPerSecondBefore", "iterationsPerSecondAfter", "gain", "guestsShareOfCoresAfter")} | {
                   "connectionsReset": guests.resets, "wrongBytes": guests.corrupt, "guestsRestarted": guests.restarts,
                   "notExactlyOnce": wrong},
               "second": second, "third": third,
               "workload": {"requests": 20, "work": 20000, "pauseMs": 60}, "cores": os.cpu_count()}
    (ROOT / ".demo").mkdir(exist_ok=True)
    (ROOT / ".demo/summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    words.heading("The end")
    words.say(f"""{len(first['moves']) + len(second['moves'])} VMs were moved between the sites while they worked.
        Connections reset: {guests.resets}; wrong bytes: {guests.corrupt}; guests restarted: {guests.restarts}; VMs that
        run twice or nowhere: {len(wrong)}. All figures are in .demo/summary.json.""")
    if guests.resets or guests.corrupt or guests.restarts or wrong:
        raise Failure("a guest was disturbed, which must not be")


def say_what_to_try():
    words.say("The lab is still up. What to try:")
    for line in ("get applications", "get plans", "get vms", "query --last 3 --answer mean", "events --follow",
                 "lab phase 1", "drain a1 --dry-run", "lab wan slow a b --latency 20", "lab down"):
        words.tell(f".build/release/transhumance {line}", " ")


def wait_for(what, condition, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"waited {seconds} s for {what}")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
