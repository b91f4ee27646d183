#!/usr/bin/env python3
"""cut-socket.py SOCKET TARGET: passes connections to the Unix socket SOCKET on to TARGET, and cuts them all at SIGUSR1."""
import os
import signal
import socket
import sys
import threading

ends = []


def cut(*_):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    ends.clear()


def copy(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


signal.signal(signal.SIGUSR1, cut)
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("ready", os.getpid(), flush=True)
while True:
    client, _ = listener.accept()
    server = socket.socket(socket.AF_UNIX)
    server.connect(sys.argv[2])
    ends += [client, server]
    for pair in ((client, server), (server, client)):
        threading.Thread(target=copy, args=pair, daemon=True).start()
