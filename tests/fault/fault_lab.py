"""What the tests of faults share: TAP, the programs, articles in versions, and what an index answers."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get('BUILD', os.path.join(ROOT, 'build'))
BIN = os.environ.get('BIN', os.path.join(BUILD, 'bin'))
CALLS = os.path.join(BUILD, 'fault', 'fault_calls.so')

# `make fault` sets it: every case, not a sample of them.
ALL = bool(os.environ.get('FAULT_ALL'))
JOBS = int(os.environ.get('FAULT_JOBS', '2' if ALL else '1'))

# No trial takes so long by right.
SECONDS_MAX = 120

SANITIZED = b'__asan_init' in open(os.path.join(BIN, 'fihris-index'), 'rb').read()


class Tap:
    """Prints one line a test, as tests/run reads it."""

    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, failures):
        """FAILURES: lines that say what went wrong; none when all went well."""
        self.count += 1
        self.failed += bool(failures)
        print(f'{"not " if failures else ""}ok {self.count} - {name}')
        for line in failures[:40]:
            print(f'# {line}')
        if len(failures) > 40:
            print(f'# and {len(failures) - 40} more')
        sys.stdout.flush()

    def skip(self, name, why):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {why}')

    def done(self):
        print(f'1..{self.count}')
        sys.exit(self.failed > 0)


def scratch():
    """A folder in memory where there is one: tens of thousands of fsyncs are called for."""
    memory = '/dev/shm'
    place = memory if 'TMPDIR' not in os.environ and os.access(memory, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix='fihris-fault.', dir=place)


def engine_table():
    """The engines of this build: name -> the set of its capabilities."""
    lines_of = subprocess.run([os.path.join(BUILD, 'fault', 'flip'), '--engines'], check=True,
                              capture_output=True, text=True).stdout.splitlines()
    return {name: set(flags) for name, *flags in (line.split() for line in lines_of)}


def engines():
    """Those to try: all, or those that FAULT_ENGINES names."""
    wanted = os.environ.get('FAULT_ENGINES', '').split()
    return {name: flags for name, flags in engine_table().items() if not wanted or name in wanted}


def run(command, stdin=None, environment=None):
    return subprocess.run(command, input=stdin, capture_output=True, timeout=SECONDS_MAX,
                          env=dict(os.environ, **environment) if environment else None)


def index(*arguments, stdin=None, environment=None):
    return run([os.path.join(BIN, 'fihris-index'), '-q', '--json', '--jobs', '1', *arguments], stdin, environment)


# ---- Articles ----

WORDS = ('وزارة الخارجية اتصالات متواصلة مدينة كتاب مدرسة قطار ميناء سفينة طريق جسر سوق مزرعة نهر جبل'
         ' صحيفة مكتبة متحف معرض').split()


def article(number, version, words=60):
    """Article NUMBER in that VERSION, which stands in its title and its body; no two have the same text."""
    text = [WORDS[(number * 7 + version * 3 + i * i) % len(WORDS)] for i in range(words)]
    return {'id': f'a{number}', 'title': f'عنوان {number} نسخة {version}', 'date': f'2026-01-{number % 28 + 1:02}',
            'source': f'مصدر {number % 3}', 'body': ' '.join([f'ver{version}', *text, f'art{number}'])}


def lines(versions, words=60):
    """JSON Lines of the articles NUMBER: VERSION."""
    return ''.join(json.dumps(article(n, v, words), ensure_ascii=False) + '\n'
                   for n, v in versions.items()).encode()


# ---- What an index answers ----

class Wrong(Exception):
    """An answer that no index may give."""


def ask(folder, query, count=2000):
    """NUMBER: VERSION of all articles that match; None when there is no index to ask."""
    found = run([os.path.join(BIN, 'fihris-search'), '--format', 'jsonl', '-n', str(count), folder, query])
    message = found.stderr.decode(errors='replace')
    if found.returncode == 2 and ('no index' in message or 'nothing has been published' in message):
        return None
    if found.returncode not in (0, 1):
        raise Wrong(f'fihris-search fails ({found.returncode}): {message.strip()}')
    state = {}
    for line in found.stdout.decode().splitlines():
        title = json.loads(line)['title'].split()
        state[int(title[1])] = int(title[3])
    return state


def answer(folder):
    """What the index holds, NUMBER: VERSION, or None; all that can be asked says the same."""
    state = ask(folder, '-nosuchword')
    for version in sorted(set((state or {}).values()))[-2:]:
        found = ask(folder, f'=ver{version}')
        wanted = {n: v for n, v in state.items() if v == version}
        if found != wanted:
            raise Wrong(f'ver{version} finds {sorted(found)}, not {sorted(wanted)}')
    return state


def check(folder):
    """Raises Wrong unless --check finds the index sound."""
    done = index('--check', folder)
    if done.returncode != 0:
        raise Wrong(f'--check ({done.returncode}): {done.stderr.decode(errors="replace").strip()}')


def copy(source, target):
    shutil.rmtree(target, ignore_errors=True)
    if source:
        shutil.copytree(source, target)
