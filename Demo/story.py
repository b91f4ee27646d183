"""One act: the controller's events, retold, until its plan is carried out and judged."""
import datetime
import json
import time

import words
from program import Failure, call, document, instant

PERIOD = 10   # seconds


class Act:
    def __init__(self, events, guests, phase):
        self.events, self.guests, self.phase = events, guests, phase
        self.begun = time.monotonic()
        self.plan = None             # as it was last told of
        self.planned = None          # when it was first told of
        self.moved = None            # when the last VM had moved
        self.judged = None           # when the plan was

    def sense(self, periods, seconds=120):
        """Returns when so many whole periods of this act are sensed."""
        begun, whole = datetime.datetime.now(datetime.timezone.utc), 0
        deadline = time.monotonic() + seconds
        while whole < periods:
            event = self.events.next(deadline - time.monotonic())
            if event is None:
                raise Failure(f"the controller has no {periods} periods after {seconds} s: see `transhumance get hosts`")
            if event["kind"] != "period" or instant(event["text"]) >= begun:
                self.take(event)
            whole += event["kind"] == "period" and event["level"] == "info" and instant(event["text"]) >= begun

    def watch(self, seconds=180):
        """Returns when a plan of this act is done."""
        deadline = time.monotonic() + seconds
        while self.judged is None:
            event = self.events.next(deadline - time.monotonic())
            if event is None:
                raise Failure(f"nothing was decided in {seconds} s; `transhumance events` tells more (make demo KEEP=1)")
            self.take(event)
        # What the loop makes of it at once.
        while (event := self.events.next(1.5)) is not None:
            self.take(event)

    def take(self, event):
        kind, text, plan = event["kind"], event["text"], event.get("plan")
        if kind == "period":
            words.tell(f"{PERIOD} s more were sensed: {text.split(': ', 1)[-1]}")
        elif kind == "groups":
            words.tell(f"groups: {text}", "▸")
        elif kind == "decision" and not text.startswith("move"):
            words.tell(f"decision: {text}", "▸")
        elif kind == "move":
            self.take_move(event)
        elif kind in ("plan", "verified") and plan:
            self.take_plan(plan, text)
        elif kind in ("host", "federation", "application"):
            words.tell(text, "!" if event["level"] != "info" else "·")

    def take_plan(self, plan, text):
        if plan["state"] in ("failed", "expired", "rejected"):
            raise Failure(text)
        if self.plan is None and plan["state"] == "proposed":
            self.planned = time.monotonic()
            if self.phase > 1:
                show_matrix(self.guests.names)
            words.tell(f"plan: {plan['reason']}", "▸")
            for step in plan["steps"]:
                words.tell(f"{step['vm']} from {step['from']} to {step['to']}: {step['why']}", " ")
            words.tell(f"expected: {plan['predictedGain']:.2f} times as many messages a second", "▸")
        if self.planned is None:
            return   # an older plan's end
        self.plan = plan
        if plan["state"] == "verifying":
            self.moved = time.monotonic()
            words.tell("all moves are done; now the controller watches what they brought")
        elif plan["state"] == "done":
            self.moved = self.moved or time.monotonic()
            self.judged = time.monotonic()

    def take_move(self, event):
        progress, vm = event.get("progress") or {}, event.get("vm", "")
        if event["text"]:
            words.tell(event["text"].split(": ")[0], "→")
        elif progress.get("totalBytes"):
            words.bar(f"{vm} copying, round {progress.get('round', 1)}",
                      1 - progress.get("remainingBytes", 0) / progress["totalBytes"])

    def figures(self):
        """Iterations per second before the plan and after the moves, and the guests' share of the cores after them."""
        before = self.guests.rate(self.phase, self.begun + 3, self.planned)
        after = self.guests.rate(self.phase, self.moved + 3, self.judged)
        return before, after, self.guests.load(self.moved + 3, self.judged)


def show_matrix(names):
    done = call("query", "--last", "3", "--answer", "mean", "--format", "json", "--approximate")
    if done.returncode != 0:
        return
    pairs = json.loads(done.stdout)["pairs"]
    words.say(f"The traffic matrix, packets a second, as the mean of the last {3 * PERIOD} s:")
    words.matrix(names, {(pair["source"], pair["destination"]): pair["packets"] / PERIOD for pair in pairs})


def status():
    """What the controller makes of the application now."""
    return document("get", "applications")["applications"][0]
