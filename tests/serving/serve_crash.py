"""Workers that are killed or stuck, an index that is published anew, an end under load: what is lost."""

import json
import os
import random
import signal
import subprocess
import threading
import time

from service import BIN, TMP, Service, ask, done, equal, index, is_alive, ok, search
import sys

KILLS, SWITCHES = int(sys.argv[3]), int(sys.argv[4])
PATH = TMP + "/news.index"


def edition(number):
    """Articles that all say which edition they belong to."""
    return [{"id": str(i), "title": f"العدد {number}", "body": f"السفينة رقم {i}"}
            for i in range(8)]


class Load:
    """Clients that ask one search after the other, each on a connection that it keeps."""

    def __init__(self, service, clients=6, target=search(q="السفينة")):
        self.service, self.target = service, target
        self.going, self.answers, self.failures = True, 0, []
        self.mixed = 0
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]
        [t.start() for t in self.threads]

    def run(self):
        client = self.service.client()
        while self.going:
            try:
                answer = ask(client, self.target)
            except OSError as error:
                self.failures.append(repr(error))
                client.close()
                continue
            self.answers += 1
            if answer.status != 200:
                self.failures.append(f"{answer.status} {answer.body}")
            elif len({r["title"] for r in answer.json()["results"]}) > 1:
                self.mixed += 1
        client.close()

    def stop(self):
        self.going = False
        [t.join() for t in self.threads]


def kill_workers(service, times):
    """Kill one worker after the other, each time that all are there."""
    for _ in range(times):
        workers = service.workers()
        while len(workers) < 2:
            time.sleep(0.002)
            workers = service.workers()
        os.kill(random.choice(workers), signal.SIGKILL)
        time.sleep(random.uniform(0.005, 0.03))


def wait_for(what, seconds=10):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return what()


index(PATH, edition(0))
service = Service(PATH, "--workers", "2")
ok("there are two workers", wait_for(lambda: len(service.workers()) == 2))
service.ask(search(q="x"))
before = service.descriptors()

# ---- Killed ----

random.seed(1)
load = Load(service)
kill_workers(service, KILLS)
load.stop()
equal(f"{KILLS} workers killed: no request is lost", load.failures[:5], [])
ok("there was load", load.answers > KILLS, load.answers)
ok("all workers are there again", wait_for(lambda: len(service.workers()) == 2))
ok("no descriptor leaks", wait_for(lambda: service.descriptors() <= before),
   f"{before} before, {service.descriptors()} after")

# ---- Published anew ----

load = Load(service)
for number in range(1, SWITCHES + 1):
    index(PATH, edition(number))
load.stop()
equal(f"{SWITCHES} editions under load: no request is lost", load.failures[:5], [])
equal("no answer mixes two editions", load.mixed, 0)
equal("the last edition is found", service.ask(search(q="السفينة")).json()["results"][0]["title"],
      f"العدد {SWITCHES}")

# ---- Stuck ----

stuck, free = service.workers()
os.kill(stuck, signal.SIGSTOP)
answers = []


def ask_one():
    begin = time.monotonic()
    answers.append((service.ask(search(q="السفينة")), time.monotonic() - begin))


threads = [threading.Thread(target=ask_one) for _ in range(20)]
[t.start() for t in threads]
[t.join() for t in threads]
late = [a for a, _ in answers if a.status != 200]
equal("a worker that is stuck holds up one request",
      [(a.status, a.problem(), a.header("Retry-After")) for a in late], [(503, "deadline", "1")])
ok("... until the deadline and 0.2 s", all(s < 2.2 for _, s in answers),
   max(s for _, s in answers))
ok("the others are answered at once", sorted(s for _, s in answers)[18] < 1)
ok("it is replaced", wait_for(lambda: len(service.workers()) == 2))
ok("and gone", wait_for(lambda: not is_alive(stuck)))

for pid in service.workers():
    os.kill(pid, signal.SIGSTOP)
answers.clear()
threads = [threading.Thread(target=ask_one) for _ in range(200)]
[t.start() for t in threads]
equal("the front answers although all workers are stuck", service.ask("/livez").status, 200)
[t.join() for t in threads]
ok("200 requests to stuck workers", {a.status for a, _ in answers} <= {200, 503} and
   sum(a.status == 503 for a, _ in answers) > 100, [a.status for a, _ in answers])
ok("... are all answered by the deadline and 0.2 s", all(s < 2.2 for _, s in answers),
   max(s for _, s in answers))
ok("then it searches again",
   wait_for(lambda: service.ask(search(q="السفينة")).status == 200))
metrics = service.ask("/metrics").body.decode()
ok("what was killed is counted", "fihris_workers_killed_total 3" in metrics, metrics)
ok("no descriptor leaks", wait_for(lambda: service.descriptors() <= before))

# ---- Told to end ----

load = Load(service, target=search(q="السفينة"))
time.sleep(0.2)
children = service.workers()
load.going = False
equal("it ends well under load", service.stop(), 0)
load.stop()
equal("... and finishes what it began", load.failures[:5], [])
ok("... and leaves no process", wait_for(lambda: not any(is_alive(p) for p in children)))

service = Service(PATH, "--workers", "2")
children = service.workers()
service.process.kill()
service.process.wait()
ok("when it is killed its workers go too",
   wait_for(lambda: not any(is_alive(p) for p in children)))

# ---- Handed a socket ----

code = """
import os, socket, sys
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
print(s.getsockname()[1], flush=True)
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], [sys.argv[1], sys.argv[2]])
"""
process = subprocess.Popen([sys.executable, "-c", code, BIN + "/fihris-serve", PATH],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
service.port = int(process.stdout.readline())
equal("a socket that a service manager opened",
      service.ask(search(q="السفينة")).json()["total"]["value"], 8)
process.terminate()
log = process.communicate()[1]
equal("... and its end", process.returncode, 0)
ok("... and its log", json.loads(log.splitlines()[-1])["status"] == 200, log)
done()
