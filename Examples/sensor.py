#!/usr/bin/env python3
"""A sensor by the .proto alone (docs/wire.md): what HOST's VMs received in the last whole period, read from standard input.

    apt-get install python3-grpcio python3-protobuf protobuf-compiler
    protoc --python_out=/tmp/wire -IProtos controller.proto transhumance.proto trust.proto
    echo "vm2 vm1 10 8600" | PYTHONPATH=/tmp/wire Examples/sensor.py 127.0.0.1:8080 a1 [CERTIFICATE KEY AUTHORITY]

Lines: source, destination, packets, IP bytes. Prints when the period began, once the controller has kept the report.
"""
import queue
import sys
import time

import grpc
import controller_pb2 as wire

PERIOD = 30 * 10**9
address, host, *pem = sys.argv[1:]
rows = [line.split() for line in sys.stdin]
names = sorted({name for row in rows for name in row[:2]})
start = time.time_ns() // PERIOD * PERIOD - PERIOD

hello = wire.Hello(host=host, incarnation=time.time_ns(), version="sensor.py", period_nanoseconds=PERIOD, time=time.time_ns())
report = wire.SensorReport(host=host, incarnation=hello.incarnation, sequence=1, period_start=start,
                           period_nanoseconds=PERIOD, endpoints=names, clock_error_seconds=-1,
                           vms=[wire.SensedVM(name=name) for name in sorted({row[1] for row in rows})])
for source, destination, packets, size in rows:
    # What HOST's own VMs sent it saw at both ends: losses are the difference.
    for table in [report.received] + [report.sent] * any(source == vm.name for vm in report.vms):
        table.source.append(names.index(source))
        table.destination.append(names.index(destination))
        table.packets.append(int(packets))
        table.ip_bytes.append(int(size))
        table.frame_bytes.append(int(size) + 14 * int(packets))
report.accounting.seen = report.accounting.counted = sum(report.received.packets)

if pem:
    certificate, key, authority = (open(path, "rb").read() for path in pem)
    channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, key, certificate))
else:
    channel = grpc.insecure_channel(address)
outgoing = queue.SimpleQueue()
outgoing.put(wire.FromHost(hello=hello))
connect = channel.stream_stream("/transhumance.v1.Controller/Connect", wire.FromHost.SerializeToString, wire.ToHost.FromString)
refused = "the controller ended the connection"
try:
    for message in connect(iter(outgoing.get, None)):
        if message.HasField("welcome"):
            outgoing.put(wire.FromHost(report=report))
        elif message.HasField("acknowledgement"):
            refused = message.acknowledgement.refused
            outgoing.put(None)
finally:
    # Else gRPC's thread still waits for more to send as Python ends, which can wait for it in turn.
    outgoing.put(None)
    channel.close()
sys.exit(refused or print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start // 10**9))))
