"""`transhumance` as the demo uses it: its commands, its events, and the end of the lab however the demo ends."""
import ctypes
import datetime
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXECUTABLE = os.environ.get("TRANSHUMANCE") or str(ROOT / ".build/release/transhumance")


class Failure(Exception):
    """What the demo can't go on after, for a person."""


def call(*words, seconds=60, show_errors=False):
    """A command to its end."""
    return subprocess.run(["timeout", "-k", "2", str(seconds), EXECUTABLE, *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=None if show_errors else subprocess.PIPE, text=True,
                          preexec_fn=end_with_parent)


def run(*words, **options):
    """The output of a command that must succeed."""
    done = call(*words, **options)
    if done.returncode != 0:
        reason = (done.stderr or done.stdout or f"exit code {done.returncode}").strip()
        raise Failure(f"`transhumance {' '.join(words)}` failed: {reason}")
    return done.stdout


def document(*words, **options):
    return json.loads(run(*words, "--format", "json", **options))


def instant(text):
    """The first time of RFC 3339 in a text; Python takes microseconds, and no more."""
    found = re.search(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,6})?\d*Z", text)
    return datetime.datetime.fromisoformat(found.group(1) + (found.group(2) or ".0").ljust(7, "0") + "+00:00")


def end_with_parent():
    """Also where the demo is killed (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Guardian:
    """A process that takes the lab down when the demo's end of a pipe closes, whatever closed it."""

    def __init__(self):
        script = ('read -r word; [ "$word" = done ] && exit; for i in $(seq 60); do '
                  f'"{EXECUTABLE}" lab down >/dev/null 2>&1 && exit; sleep 1; done')
        self._process = subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL, start_new_session=True)

    def take_down(self):
        self._process.stdin.close()
        self._process.wait()

    def leave(self):
        self._process.communicate(b"done\n")


class Events:
    """The controller's events as they come, also of one that is started anew."""

    def __init__(self):
        self._queue = queue.Queue()
        self._process = subprocess.Popen([EXECUTABLE, "events", "--follow", "--format", "json"],
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                         text=True, preexec_fn=end_with_parent)
        threading.Thread(target=self._read, daemon=True).start()

    def end(self):
        self._process.terminate()
        self._process.wait()

    def _read(self):
        for line in self._process.stdout:
            self._queue.put(json.loads(line))

    def next(self, seconds):
        """None: nothing in that time."""
        try:
            return self._queue.get(timeout=max(0.01, seconds))
        except queue.Empty:
            return None
