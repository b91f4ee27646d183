"""Two sites of one host each, joined by the lab's WAN; prints what packets and connections saw of it, as JSON.

    unshare --net --pid --fork --mount-proc --kill-child python3 two-sites.py TRANSHUMANCE FOLDER

Each host is a network namespace behind its site's router, another one. The relay joins the routers. All of it ends with
this process, which is the first of its PID namespace.
"""

import hashlib, json, os, random, socket, statistics, subprocess, sys, threading, time

PORT = 9000


def run(*words, inside=None, **options):
    prefix = ["nsenter", "-t", str(inside), "-n"] if inside else []
    return subprocess.run(prefix + list(words), check=True, capture_output=True, text=True, **options).stdout


def namespace():
    process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    own = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{process.pid}/ns/net") == own:
        time.sleep(0.01)
    return process.pid


def site(number):
    router, host = namespace(), namespace()
    run("ip", "link", "add", "lan", "type", "veth", "peer", "name", "eth0", "netns", str(host), inside=router)
    run("ip", "address", "add", f"10.99.{number}.254/24", "dev", "lan", inside=router)
    run("ip", "link", "set", "lan", "up", inside=router)
    run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward", inside=router)
    run("ip", "address", "add", f"10.99.{number}.1/24", "dev", "eth0", inside=host)
    run("ip", "link", "set", "eth0", "up", inside=host)
    run("ip", "route", "add", "default", "via", f"10.99.{number}.254", inside=host)
    return router, host


# What hosts run.

def server():
    """Datagrams go back; a connection's bytes too, and in the end their digest."""
    def datagrams():
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        udp.bind(("", PORT))
        while True:
            data, peer = udp.recvfrom(9000)
            udp.sendto(data, peer)
    threading.Thread(target=datagrams, daemon=True).start()
    tcp = socket.create_server(("", PORT))
    print("ready", flush=True)
    while True:
        connection, _ = tcp.accept()
        digest = hashlib.sha256()
        while data := connection.recv(1 << 16):
            digest.update(data)
            connection.sendall(data)
        connection.sendall(digest.digest())
        connection.close()


def pings(address, count, interval, size, patience):
    """Round trips in milliseconds of those that came back."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    udp.connect((address, PORT))
    sent, trips = {}, []

    def take(until):
        while (left := until - time.monotonic()) > 0:
            udp.settimeout(left)
            try:
                number = int.from_bytes(udp.recv(9000)[:4], "big")
            except TimeoutError:
                return
            trips.append((time.monotonic() - sent.pop(number)) * 1000)

    for number in range(count):
        sent[number] = time.monotonic()
        udp.send(number.to_bytes(4, "big") + bytes(size - 4))
        if interval:
            take(sent[number] + interval)
    take(time.monotonic() + patience)
    return {"sent": count, "received": len(trips),
            "medianMs": statistics.median(trips) if trips else None, "leastMs": min(trips, default=None)}


def transfer(address, megabytes):
    """Whether all bytes came back as they were, and the other end saw the same; with how long it took."""
    connection = socket.create_connection((address, PORT))
    data = random.Random(1).randbytes(megabytes * 1_000_000)
    answer = bytearray()

    def receive():
        while part := connection.recv(1 << 16):
            answer.extend(part)
    thread = threading.Thread(target=receive)
    start = time.monotonic()
    thread.start()
    print("sending", flush=True)
    connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)
    thread.join()
    return {"bytes": len(data), "seconds": time.monotonic() - start, "back": bytes(answer[:len(data)]) == data,
            "there": bytes(answer[len(data):]) == hashlib.sha256(data).digest()}


def main(executable, folder):
    (router1, host1), (router2, host2) = site(1), site(2)
    wan = os.path.join(folder, "wan.sock")
    relay = subprocess.Popen([executable, "lab-wan", "--socket", wan], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    sites = [{"name": name, "namespace": f"/proc/{router}/ns/net", "prefixes": [f"10.99.{number}.0/24"]}
             for name, number, router in (("a", 1, router1), ("b", 2, router2))]
    relay.stdin.write(json.dumps({"sites": sites, "lines": [{"between": ["a", "b"], "latencyMs": 20}]}).encode())
    relay.stdin.close()
    assert relay.stdout.readline() == b"ready\n"
    servers = subprocess.Popen(["nsenter", "-t", str(host2), "-n", sys.executable, __file__, "server"],
                               stdout=subprocess.PIPE)
    assert servers.stdout.readline() == b"ready\n"

    def command(*words):
        return json.loads(run(executable, "lab", "wan", *words, "--format", "json", "--socket", wan))

    def client(*words):
        return json.loads(run(sys.executable, __file__, *map(str, words), inside=host1).splitlines()[-1])

    there = "10.99.2.1"
    result = {"start": command(), "table": run(executable, "lab", "wan", "--socket", wan)}
    result["pings"] = client("pings", there, 100, 0.01, 100, 1)
    result["counted"] = command()
    result["transfer"] = client("transfer", there, 20)
    command("slow", "a", "b", "--latency", "5")
    result["faster"] = client("pings", there, 50, 0.01, 100, 1)
    command("slow", "--bandwidth", "10")
    result["narrow"] = client("pings", there, 200, 0, 1400, 2)
    result["narrowed"] = command()
    command("cut", "b", "a")
    result["cut"] = client("pings", there, 20, 0.01, 100, 0.5)
    result["healed"] = command("heal")
    # A line that is cut for a while under a connection.
    # 10 MB take 2.7 s: even a slow machine cuts it in time.
    command("slow", "--latency", "5", "--bandwidth", "30")
    long = subprocess.Popen(["nsenter", "-t", str(host1), "-n", sys.executable, __file__, "transfer", there, "10"],
                            stdout=subprocess.PIPE)
    assert long.stdout.readline() == b"sending\n"
    time.sleep(0.3)
    command("cut")
    time.sleep(1)
    result["duringCut"] = command("heal")
    result["survivor"] = json.loads(long.stdout.read())
    wrong = [executable, "lab", "wan", "cut", "a", "x", "--socket", wan]
    unknown = subprocess.run(wrong, capture_output=True, text=True)
    result["unknownCode"], result["unknownError"] = unknown.returncode, unknown.stderr
    relay.kill()
    relay.wait()
    result["devices"] = run("ip", "-brief", "link", inside=router1) + run("ip", "-brief", "link", inside=router2)
    print(json.dumps(result))


if __name__ == "__main__":
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "server":
        server()
    elif verb == "pings":
        print(json.dumps(pings(rest[0], int(rest[1]), float(rest[2]), int(rest[3]), float(rest[4]))))
    elif verb == "transfer":
        print(json.dumps(transfer(rest[0], int(rest[1]))))
    else:
        main(verb, *rest)
