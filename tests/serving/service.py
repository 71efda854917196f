"""What the tests of fihris-serve share: a service of their own, requests to it, and TAP.

Each test is a program that gets the folder of the programs and a scratch folder as arguments, and is run
by a script of tests/cli of the like name.
"""

import atexit
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.parse

BIN, TMP = sys.argv[1], sys.argv[2]
ENGINE = os.environ.get("SERVE_ENGINE", "native")

run = 0
failed = 0
tap = threading.Lock()


def ok(name, passed, shown=""):
    """Count one test; what is SHOWN explains a failure."""
    global run, failed
    with tap:
        run += 1
        if passed:
            print(f"ok {run} - {name}", flush=True)
            return
        failed += 1
        print(f"not ok {run} - {name}", flush=True)
        for line in str(shown)[:4000].splitlines():
            print(f"# {line}", flush=True)


def equal(name, got, want):
    ok(name, got == want, f"got:  {got!r}\nwant: {want!r}")


def skip(name, why):
    global run
    run += 1
    print(f"ok {run} - {name} # SKIP {why}", flush=True)


def done():
    print(f"1..{run}")
    sys.exit(1 if failed else 0)


def index(path, articles):
    """Put ARTICLES, dicts, into the index at PATH."""
    text = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in articles)
    name = path + ".jsonl"
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
    subprocess.run([BIN + "/fihris-index", "-q", "--engine", ENGINE, "-o", path, name], check=True)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return self.headers.get(name)

    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The name at the end of the type of a problem document, or None."""
        if self.header("Content-Type") != "application/problem+json":
            return None
        return self.json()["type"].rsplit(":", 1)[1]


class Service:
    """A service on a port that is free; its log is the list of lines `log`."""

    def __init__(self, path, *options, environment=None):
        self.log = []
        self.process = subprocess.Popen(
            [BIN + "/fihris-serve", "--listen", "127.0.0.1:0", *options, path],
            stderr=subprocess.PIPE, encoding="utf-8", env=environment)
        atexit.register(self.process.kill)  # a test that breaks off leaves nothing behind
        first = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        if not found:
            raise RuntimeError("it does not start: " + first + self.process.stderr.read())
        self.port = int(found.group(1))
        self.reader = threading.Thread(target=self.read_log, daemon=True)
        self.reader.start()

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    @property
    def pid(self):
        return self.process.pid

    def workers(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children", encoding="ascii") as f:
            return [int(pid) for pid in f.read().split() if is_alive(int(pid))]

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def client(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, target, method="GET", headers=None, body=None):
        client = self.client()
        try:
            return ask(client, target, method, headers, body)
        finally:
            client.close()

    def raw(self, data, end=False):
        """Send bytes as they are; returns all that comes until the other side closes."""
        with self.connect() as s:
            got = b""
            try:
                s.sendall(data)
                if end:
                    s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            try:
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            except OSError:
                pass
            return got

    def stop(self, how=signal.SIGTERM):
        """Its exit status."""
        self.process.send_signal(how)
        code = self.process.wait(30)
        self.reader.join(10)
        return code


def is_alive(pid):
    """Neither gone nor a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def ask(client, target, method="GET", headers=None, body=None):
    client.request(method, target, body=body, headers=headers or {})
    response = client.getresponse()
    return Answer(response.status, response.headers, response.read())


def search(**parameters):
    """The target of a search."""
    return "/v1/search?" + urllib.parse.urlencode(parameters)
