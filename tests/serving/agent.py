"""A small client of the Model Context Protocol: lines to fihris-serve --mcp, and the lines that it answers."""

import json
import os
import select
import subprocess
import time

from service import BIN


class Agent:
    def __init__(self, path, version="2025-11-25"):
        self.process = subprocess.Popen([BIN + "/fihris-serve", "--mcp", path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rest = b""
        self.count = 0
        self.hello = self.ask("initialize", protocolVersion=version, capabilities={},
                              clientInfo={"name": "tests", "version": "1"}) if version else None

    def send(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else json.dumps(line).encode())
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def line(self, seconds=20):
        """The next line that it says, or None."""
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                return None
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return None
            self.rest += piece
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def exchange(self, line):
        """What it answers to one line; None when it keeps silent, as the answer to a ping shows."""
        self.send(line)
        self.send({"jsonrpc": "2.0", "id": "probe", "method": "ping"})
        first = self.line()
        if isinstance(first, dict) and first.get("id") == "probe":
            return None
        probe = self.line()
        assert probe == {"jsonrpc": "2.0", "id": "probe", "result": {}}, probe
        return first

    def ask(self, method, **params):
        self.count += 1
        self.send({"jsonrpc": "2.0", "id": self.count, "method": method, "params": params})
        answer = self.line()
        assert answer is not None and answer["id"] == self.count, answer
        return answer

    def call(self, tool, **arguments):
        """The result of a call."""
        return self.ask("tools/call", name=tool, arguments=arguments)["result"]

    def close(self):
        """Its exit status, what more it said, and what it complained of."""
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, self.rest + out, err
