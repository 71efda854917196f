"""What is measured of a process, of a folder and of a latency file. For driver and bench."""
import json
import math
import os
import subprocess
import sys
import threading
import time

SAMPLE_SECONDS = 0.02


def fail(what):
    print(what, file=sys.stderr)
    sys.exit(2)


def anonymous_kb(pid):
    """Memory of the process that is no file's."""
    try:
        with open(f'/proc/{pid}/status') as status:
            return next((int(line.split()[1]) for line in status if line.startswith('RssAnon')), 0)
    except OSError:
        return 0


def run(command, stdin=None, allowed=(0,)):
    """Run COMMAND to its end: wall and CPU seconds, peak memory (anonymous memory is sampled), and what
    it says of itself, when that is a line of JSON. Ends this program when the exit status is none of
    the ALLOWED."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE)
    peak, done = [0], threading.Event()

    def watch():
        while not done.wait(SAMPLE_SECONDS):
            peak[0] = max(peak[0], anonymous_kb(process.pid))
    watcher = threading.Thread(target=watch)
    watcher.start()
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    done.set()
    watcher.join()
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        fail(f'{" ".join(command)}: exit {process.returncode}')
    own = json.loads(said) if said.startswith(b'{') else {}
    peak_anon = max(peak[0], own.pop('anonymous_kb', 0))
    return dict(wall_s=wall, cpu_s=usage.ru_utime + usage.ru_stime, peak_rss_kb=usage.ru_maxrss,
                peak_anon_kb=peak_anon, **own)


def allocated_bytes(folder):
    """The bytes that the files of a folder take on the disk."""
    return sum(os.lstat(os.path.join(d, f)).st_blocks * 512 for d, _, fs in os.walk(folder) for f in fs)


def percentile(values, p):
    """Nearest rank, of a sorted list."""
    return values[max(0, math.ceil(p / 100 * len(values)) - 1)]


def summarise(path):
    """The figures of a latency file: `qid TAB best us TAB hits TAB first-pass us`."""
    with open(path, encoding='utf-8') as file:
        rows = [line.rstrip('\n').split('\t') for line in file]
    if not rows:
        return {}
    best, first = sorted(float(r[1]) for r in rows), sorted(float(r[3]) for r in rows)
    return dict(n=len(rows), p50_ms=percentile(best, 50) / 1e3, p95_ms=percentile(best, 95) / 1e3,
                p99_ms=percentile(best, 99) / 1e3, qps=len(best) / sum(best) * 1e6,
                with_hits=sum(int(r[2]) > 0 for r in rows), first_p50_ms=percentile(first, 50) / 1e3,
                first_p99_ms=percentile(first, 99) / 1e3, first_qps=len(first) / sum(first) * 1e6)
