"""The guest's program between real network namespaces: three ranks of a ring, one of which is up late, and the clients.

    unshare --net --pid --fork --mount-proc --kill-child python3 namespaces.py TRANSHUMANCE-GUEST

Ends with an assertion where something is not as it should be. All of it ends with this process.
"""

import json, os, re, subprocess, sys, time

PROGRAM = sys.argv[1]
RING = "10.1.0.1,10.1.0.2,10.1.0.3"


def run(*words, inside=None):
    prefix = ["nsenter", "-t", str(inside), "-n"] if inside else []
    return subprocess.run(prefix + list(words), check=True, capture_output=True, text=True).stdout


def namespace():
    process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    own = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{process.pid}/ns/net") == own:
        time.sleep(0.01)
    return process.pid


class Guest:
    def __init__(self, number):
        self.number, self.inside, self.lines = number, namespace(), []
        run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0", "netns", str(self.inside))
        run("ip", "link", "set", f"port{number}", "master", "segment", "up")
        run("ip", "address", "add", f"10.1.0.{number}/24", "dev", "eth0", inside=self.inside)

    def up(self):
        run("ip", "link", "set", "eth0", "up", inside=self.inside)

    def start(self, *words):
        return subprocess.Popen(["nsenter", "-t", str(self.inside), "-n", PROGRAM, *words], stdout=subprocess.PIPE,
                                text=True)

    def work(self):
        self.worker = self.start("work", "--name", f"vm{self.number}", "--ring", RING, "--rank", str(self.number - 1),
                                 "--message-bytes", "50001", "--exchanges", "5", "--work", "100", "--pause-ms", "0.5")

    def status(self):
        """The next line that the worker prints, as a dictionary."""
        while True:
            line = self.worker.stdout.readline()
            assert line, "the worker ended"
            if "iterations=" in line:
                return dict(re.findall(r"(\w+)=(\S+)", line))

    def client(self, *words):
        return json.loads(run(PROGRAM, *words, inside=self.inside))


run("ip", "link", "add", "segment", "type", "bridge")
run("ip", "link", "set", "segment", "up")
first, second, third = guests = [Guest(number) for number in (1, 2, 3)]

# The second's network is up two seconds after the others': without retries of its own a connection takes three or more.
for guest in guests:
    guest.work()
first.up()
third.up()
time.sleep(2)
assert first.status()["iterations"] == "0"
second.up()
start = time.monotonic()
while first.status()["iterations"] == "0":
    assert time.monotonic() - start < 20, "the ring never closed"
print(f"the ring closed {time.monotonic() - start:.1f} s after its last rank was up")
for guest in guests:
    while int((status := guest.status())["iterations"]) < 10:
        assert time.monotonic() - start < 20, "too slow"
    assert (status["resets"], status["reconnections"], status["corrupt"]) == ("0", "0", "0"), status
    assert status["boot"] == open("/proc/sys/kernel/random/boot_id").read().strip()

# Clients, at the guest that answers.
server = second.start("serve", "--name", "vm2")
assert server.stdout.readline() == "transhumance guest vm2 ready\n"
probe = first.client("probe", "10.1.0.2", "--rate", "1000", "--seconds", "1")
assert probe["sent"] == 1000 and probe["replies"]["lost"] == 0 and probe["replies"]["duplicates"] == 0, probe
one_way = first.client("probe", "10.1.0.2", "--rate", "500", "--seconds", "0.5", "--replies", "no")
received = first.client("request", "10.1.0.2", "received")
assert [entry["received"] for entry in received] == [1000, 250] and one_way["sent"] == 250, received
assert all(entry["from"] == "10.1.0.1" and entry["lost"] == 0 for entry in received), received
bulk = first.client("bulk", "10.1.0.2", "--megabytes", "30")
assert bulk["receiver"] == {"bytes": 30_000_000, "correct": True}, bulk
talk = first.client("talk", "10.1.0.2", "--seconds", "0.5", "--bytes", "5000")
assert talk["correct"] and talk["messages"] > 0, talk
other = third.start("serve", "--name", "vm3")
other.stdout.readline()
asked = first.client("request", "10.1.0.2", "talk", "10.1.0.3", "--seconds", "0.2")
assert asked["correct"], asked
refused = first.client("request", "10.1.0.2", "explode")
assert "error" in refused, refused

# A rank that is gone is a reset for its neighbours, and nobody connects anew.
third.worker.kill()
for guest in (first, second):
    while (status := guest.status())["resets"] == "0":
        pass
    assert status["resets"] == "1" and guest.status()["iterations"] == status["iterations"], status
print("three ranks, late network, clients, a lost rank: as they should be")
