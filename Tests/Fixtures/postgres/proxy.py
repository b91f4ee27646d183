"""Stands between clients and a PostgreSQL server, and loses answers.

    proxy.py LISTENING-SOCKET SERVER-SOCKET

Reads lines, and answers each, and its own beginning, with "= 0":

    lose WORD   the next statement with it is passed on, its answer awaited, and the connection closed without it
    refuse      takes no more connections; those that there are stay
    accept      takes connections again

Ends with its input.
"""
import os
import socket
import sys
import threading

listening, server = sys.argv[1:3]
lock = threading.Lock()
words = []


def relay(client):
    upstream = socket.socket(socket.AF_UNIX)
    upstream.connect(server)
    lost = threading.Event()

    def answers():
        while data := upstream.recv(1 << 16):
            if not lost.is_set():
                client.sendall(data)
            # ReadyForQuery is the last message of an answer: the change is committed then.
            elif data[-6:-1] == b"Z\0\0\0\5":
                break
        for end in (client, upstream):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    threading.Thread(target=answers, daemon=True).start()
    while data := client.recv(1 << 16):
        with lock:
            found = next((word for word in words if word.encode() in data), None)
            if found:
                words.remove(found)
                lost.set()
        upstream.sendall(data)


def serve(client):
    try:
        relay(client)
    except OSError:
        pass


def accept(door):
    while True:
        try:
            client = door.accept()[0]
        except OSError:
            return
        threading.Thread(target=serve, args=(client,), daemon=True).start()


def opened():
    door = socket.socket(socket.AF_UNIX)
    door.bind(listening)
    door.listen()
    threading.Thread(target=accept, args=(door,), daemon=True).start()
    return door


door = opened()
print("= 0", flush=True)
for line in sys.stdin:
    command, _, word = line.strip().partition(" ")
    if command == "lose":
        with lock:
            words.append(word)
    elif command == "refuse":
        os.unlink(listening)
        door.shutdown(socket.SHUT_RDWR)
        door.close()
    elif command == "accept":
        door = opened()
    print("= 0", flush=True)
