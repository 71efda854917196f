#!/usr/bin/env python3
"""How many searches a second fihris-serve answers, how soon, in how much memory, and what a reload loses.

serve_bench.py BIN TMP INDEX QUERIES [SECONDS]: QUERIES has a number and a query on each line, parted by a tab. wrk
asks on 16 connections of two workers for ten results with snippets; no answer is asked for as compressed, and none
is kept. Then the same while a writer publishes. The machine should do nothing else meanwhile.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse

from agent import Agent
from service import BIN, TMP, Service

INDEX, QUERIES = sys.argv[3], sys.argv[4]
SECONDS = int(sys.argv[5]) if len(sys.argv) > 5 else 10
WORKERS, CONNECTIONS = 2, 16

# What wrk is to ask, in turn, and what it is to say in the end; times are microseconds.
SCRIPT = """
local targets = { %s }
local at, thread = 0, 0
function setup(t) t:set('number', thread); thread = thread + 1 end
function init() at = number * 499 end
function request() at = at %% #targets + 1; return wrk.format('GET', targets[at]) end
function done(summary, latency)
    local e = summary.errors
    print(string.format('{"rate":%%.0f,"p50":%%d,"p99":%%d,"requests":%%d,"lost":%%d}',
        summary.requests / summary.duration * 1e6, latency:percentile(50), latency:percentile(99), summary.requests,
        e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def read_queries():
    with open(QUERIES, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t", 1)[1] for line in lines]


def write_script(path, queries):
    targets = ['"' + path + urllib.parse.urlencode({"q": q}) + '"' for q in queries]
    name = f"{TMP}/ask.lua"
    with open(name, "w", encoding="utf-8") as out:
        out.write(SCRIPT % ",".join(targets))
    return name


def load(service, script, seconds):
    told = subprocess.run(
        ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{service.port}"],
        check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    return json.loads(told.splitlines()[-1])


def memory(pid):
    """What a process has: of its own, with its share of the index, which all workers have in common, and with all."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        kib = dict(re.findall(r"^(Rss|Pss|Anonymous):\s+(\d+) kB", f.read(), re.M))
    own, share, whole = (int(kib[name]) / 1024 for name in ("Anonymous", "Pss", "Rss"))
    return f"{own:.1f} MB of its own, {share:.1f} MB with its share of the index, {whole:.1f} MB with all of it"


def cpu(pid):
    """Seconds of processor time that a process has taken."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def publish(path, going, count):
    """Change one article over and over."""
    while going.is_set():
        line = {"id": "of the bench", "title": "السفينة", "body": f"وصلت السفينة رقم {len(count)} إلى الميناء"}
        subprocess.run([BIN + "/fihris-index", "-q", "-o", path, "-"], check=True,
                       input=json.dumps(line), encoding="utf-8")
        count.append(1)
        time.sleep(0.05)


def under_reload(service, script, path):
    going, count = threading.Event(), []
    going.set()
    writer = threading.Thread(target=publish, args=(path, going, count))
    writer.start()
    told = load(service, script, SECONDS)
    going.clear()
    writer.join()
    return told, len(count)


def median(times):
    return sorted(times)[len(times) // 2]


def time_pages(service, queries):
    """Milliseconds until a page of results, dates and sources is there; each is asked for once."""
    times, client = [], service.client()
    for query in queries:
        begin = time.perf_counter()
        client.request("GET", "/?" + urllib.parse.urlencode({"q": query}))
        client.getresponse().read()
        times.append((time.perf_counter() - begin) * 1000)
    return times


def time_agent(service, path, queries):
    """Milliseconds that a call of an agent takes beyond the search, as that says of itself over HTTP."""
    agent, client, times = Agent(path), service.client(), []
    for query in queries:
        agent.call("search", query=query)  # so that neither is the first to read anything
        begin = time.perf_counter()
        agent.call("search", query=query)
        whole = time.perf_counter() - begin
        client.request("GET", "/v1/search?" + urllib.parse.urlencode({"q": query}))
        times.append(whole * 1000 - json.loads(client.getresponse().read())["took_us"] / 1000)
    agent.close()
    return times


def say(name, told):
    print(f"{name:<22} {told['rate']:>7,} requests/s   p50 {told['p50'] / 1000:.2f} ms   p99 {told['p99'] / 1000:.2f} ms   "
          f"{told['lost']} of {told['requests']:,} lost", flush=True)


def run():
    path = TMP + "/bench.index"
    subprocess.run([BIN + "/fihris-index", "-q", "--snapshot", path, INDEX], check=True, stdout=subprocess.DEVNULL)
    queries = read_queries()
    script = write_script("/v1/search?", queries)
    service = Service(path, "--workers", str(WORKERS))
    load(service, script, 2)
    processes = {"front": [service.pid], "worker": service.workers()}
    before = {name: sum(map(cpu, pids)) for name, pids in processes.items()}
    told = load(service, script, SECONDS)
    say("searches", told)
    for name, pids in processes.items():
        spent = (sum(map(cpu, pids)) - before[name]) / told["requests"]
        print(f"  {name}: {spent * 1e6:.0f} us of a processor for a request")
    reloaded, published = under_reload(service, script, path)
    say(f"with {published} publishes", reloaded)
    for pid in service.workers():
        print("  worker:", memory(pid))
    print("  front:", memory(service.pid))
    pages = time_pages(service, queries[:200])
    print(f"page with dates: median {median(pages):.2f} ms, slowest of {len(pages)} {max(pages):.2f} ms")
    calls = time_agent(service, path, queries[:200])
    print(f"call of an agent, beyond its search: median {median(calls):.2f} ms, slowest of {len(calls)} {max(calls):.2f} ms")
    service.stop()
    shutil.rmtree(path)


run()
