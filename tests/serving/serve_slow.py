"""Slow and rude clients: how many there are, and what a well-behaved one notices of them."""

import re
import resource
import socket
import sys
import time

from service import TMP, Service, done, equal, index, ok, search, skip

COUNT, SECONDS = int(sys.argv[3]), float(sys.argv[4])
LIMIT = 4096  # connections that the service holds
PATH = TMP + "/news.index"
TARGET = search(q="السفينة")

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
index(PATH, [{"id": str(i), "title": "السفينة", "body": "وصلت السفينة إلى الميناء " * 100}
             for i in range(60)])
service = Service(PATH, "--workers", "2")


def probe(worst=0.0):
    """A search on a connection of its own; the longer of its time and WORST."""
    begin = time.monotonic()
    answer = service.ask(TARGET)
    if answer.status != 200:
        raise RuntimeError(answer.status)
    return max(worst, time.monotonic() - begin)


def connect():
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(("127.0.0.1", service.port))
    return s


def drip(clients, seconds):
    """Each client sends one byte of a header a second, and connects again when it is hung up on."""
    began, worst, closed = time.monotonic(), 0.0, 0
    text = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 1000
    sent = [0] * len(clients)
    turn = 0
    while time.monotonic() - began < seconds:
        turn += 1
        for i, s in enumerate(clients):
            try:
                sent[i] += s.send(text[sent[i]:sent[i] + 1])
                if s.recv(1, socket.MSG_PEEK) == b"":
                    raise ConnectionResetError
            except BlockingIOError:
                pass
            except OSError:
                closed += 1
                s.close()
                clients[i], sent[i] = connect(), 0
            if i % 500 == 0:
                worst = probe(worst)
        time.sleep(max(0.0, turn - (time.monotonic() - began)))
    return worst, closed


def count(name):
    metrics = service.ask("/metrics").body.decode()
    return int(re.search(rf"^{name} (\d+)$", metrics, re.M).group(1))


def wait_for_none():
    """Until the connection that asks is the only one, or for ten seconds."""
    end = time.monotonic() + 10
    while count("fihris_connections") > 1 and time.monotonic() < end:
        time.sleep(0.1)


probe()
clients = [connect() for _ in range(COUNT)]
worst, closed = drip(clients, SECONDS)
ok(f"{COUNT} clients that drip for {SECONDS:g} s: a probe takes less than 100 ms", worst < 0.1,
   f"{worst * 1000:.1f} ms")
ok("they are held, or hung up on in time", count("fihris_connections") > COUNT // 2)
ok("clients that send too slowly are hung up on", closed > COUNT // 2 or SECONDS < 12,
   f"{closed} closed")
for s in clients:
    s.close()

# ---- More than there is room for ----

if hard < LIMIT + 1000:
    skip("more clients than there is room for", f"only {hard} descriptors")
else:
    clients = [connect() for _ in range(LIMIT + 400)]
    worst = max(probe() for _ in range(20))
    ok("more clients than there is room for: a probe takes less than 100 ms", worst < 0.1,
       f"{worst * 1000:.1f} ms")
    ok("the oldest made room", count("fihris_connections_evicted_total") >= 400)
    ok("never more than there may be", count("fihris_connections") <= LIMIT + 1)
    for s in clients:
        s.close()

# ---- Who asks much and takes nothing ----

clients = []
for _ in range(10):
    s = service.connect()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.sendall((f"GET {search(q='السفينة', n=1000)} HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50).encode())
    clients.append(s)
worst = max(probe() for _ in range(20))
ok("who takes no answers keeps nobody from theirs", worst < 0.5, f"{worst * 1000:.1f} ms")
for s in clients:
    s.close()

# ---- Who connects and goes ----

wait_for_none()
for _ in range(500):
    connect().close()
worst = max(probe() for _ in range(10))
ok("who comes and goes does not matter", worst < 0.1, f"{worst * 1000:.1f} ms")
wait_for_none()
equal("all are gone in the end", count("fihris_connections"), 1)
ok("no descriptor leaks", service.descriptors() < 40, service.descriptors())
equal("it ends well", service.stop(), 0)
done()
