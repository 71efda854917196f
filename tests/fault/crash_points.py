#!/usr/bin/env python3
"""
Every call of the system by which fihris-index changes an index goes wrong, one after the other.

A process that ends there leaves the old index or the new one, sound, and the same command again succeeds. A
call that fails makes a clear error and exit status 2, the old index answers, and a retry works. `make check`
takes a sample of the calls, `make fault` takes all. Calls are let go wrong by fault_calls.c.
A snapshot and a converted index are there as a whole or not at all, and what they were made of is unharmed.
"""
import concurrent.futures
import os
import shutil
import sys
import threading

sys.dont_write_bytecode = True
from fault_lab import (ALL, CALLS, JOBS, SANITIZED, Tap, Wrong, answer, check, copy, engine_table, engines, index,  # noqa: E402
                       lines, scratch)

ENDS = ('exit', 'torn', 'power')
FAILS = {'ENOSPC': 'No space left', 'EIO': 'Input/output error', 'ENOMEM': 'memory', 'full': 'No space left', 'short': ''}

# Errors that make sense for a call; all others are asked for EIO alone.
ERRORS = {'write': ('ENOSPC', 'EIO', 'full', 'short'), 'pwrite': ('ENOSPC', 'EIO', 'full', 'short'),
          'open': ('ENOSPC', 'full'), 'mkdir': ('ENOSPC', 'full'), 'ftruncate': ('EIO', 'full'), 'mmap': ('ENOMEM',)}

# What may fail without harm: the index is as it was to be, and something is left to be cleared away; or what was
# to be read is opened again, and what cannot be linked is copied.
HARMLESS = ('unlink', 'rmdir', 'close', 'mmap', 'link')

UNNOTICED = 'the failure goes unnoticed'

# Xapian looks at no failed fdatasync while it compacts, and forgets why it could not create a file. An engine
# with checksums has no such excuse.
KNOWN = (('fdatasync', UNNOTICED), ('an unclear message', 'Failed to create iamglass file'))

# Trials of one command in `make check`.
SAMPLE = 24

# Small updates, one by one, among which one merges.
UPDATES = 24


# Stand for the index, and for a folder beside it, among the arguments of a command.
INDEX, COPY = object(), object()


class Command:
    """One command: what is there before, what it is given, and what is to be there after it."""

    def __init__(self, name, before, arguments, after, stdin=None, writes=None):
        self.name, self.before, self.arguments, self.after, self.stdin = name, before, arguments, after, stdin
        self.writes = writes  # the engine that does, when it is not that of the index
        self.calls = []

    def run(self, folder, do=None, at=0, log=None):
        environment = None
        if log:
            environment = {'LD_PRELOAD': CALLS, 'FAULT_ROOT': os.path.dirname(folder), 'FAULT_AT': str(at),
                           'FAULT_DO': do or '', 'FAULT_LOG': log}
        names = {INDEX: folder, COPY: folder + '.copy'}
        return index(*[names.get(a, a) for a in self.arguments], stdin=self.stdin, environment=environment)


class Room:
    """A folder of a thread's own."""

    def __init__(self, place):
        self.root = os.path.join(place, f'room{threading.get_ident()}')
        self.folder = os.path.join(self.root, 'work', 'index')
        self.log = os.path.join(self.root, 'log')
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(os.path.dirname(self.folder))

    def set_up(self, command):
        shutil.rmtree(os.path.dirname(self.folder))
        os.makedirs(os.path.dirname(self.folder))
        copy(command.before, self.folder)
        if os.path.exists(self.log):
            os.unlink(self.log)

    def read_log(self):
        with open(self.log, encoding='utf-8') as log:
            return [line.rstrip('\n').split(' ', 2) for line in log]


def list_calls(command, room):
    """Run the command whole: its calls, and what was not synced when it said that it was done."""
    room.set_up(command)
    done = command.run(room.folder, log=room.log)
    if done.returncode != 0:
        raise Wrong(f'{command.name} fails by itself: {done.stderr.decode()}')
    log = room.read_log()
    command.calls = [(int(n), name, path) for n, name, path in log if n != 'ack']
    state = answer(room.folder)
    if state != command.after:
        raise Wrong(f'{command.name} makes {state}, not {command.after}')
    return sorted({path for n, _, path in log if n == 'ack'})


def retry(command, folder):
    """The same command again succeeds, and all is as if nothing had happened."""
    again = command.run(folder)
    # A copy that was whole already is not made twice, and that is told.
    if COPY in command.arguments and again.returncode == 2 and b'name another folder' in again.stderr:
        judge_copy(command, folder, True)
        return
    # What was removed already cannot be removed again, and that is told.
    if again.returncode != 0 and not (command.name == 'remove' and again.returncode == 1):
        raise Wrong(f'the retry fails ({again.returncode}): {again.stderr.decode(errors="replace").strip()}')
    if (state := answer(folder)) != command.after:
        raise Wrong(f'after the retry there is {state}')
    check(folder)
    judge_copy(command, folder, True)


def judge_copy(command, folder, done):
    """A copy is there as a whole, or is no index."""
    state = answer(folder + '.copy') if COPY in command.arguments else None
    if state is not None:
        check(folder + '.copy')
    if state not in (None, command.after):
        raise Wrong(f'half a copy: {state}')
    if done and COPY in command.arguments and state is None:
        raise Wrong('there is no copy')


def judge(command, done, call, do, before, state):
    """What DONE says must agree with what is there."""
    message = done.stderr.decode(errors='replace').strip()
    if state not in (before, command.after):
        raise Wrong(f'a mix: {state}')
    if b'committed' in done.stdout and state != command.after:
        raise Wrong('what was acknowledged is lost')
    if do in ENDS:
        if done.returncode != 99:
            raise Wrong(f'did not end there ({done.returncode}): {message}')
        return
    if done.returncode == 0:
        if do != 'short' and call not in HARMLESS:
            raise Wrong(UNNOTICED)
        if state != command.after:
            raise Wrong('says that it is done, and is not')
        return
    if done.returncode != 2:
        raise Wrong(f'ends with {done.returncode}: {message}')
    if do == 'short':
        raise Wrong(f'does not go on with the rest of a write: {message}')
    if FAILS[do] not in message or not message.startswith('fihris-index: '):
        raise Wrong(f'an unclear message: {message}')


def attempt(command, room, before, at, call, do):
    """One trial; None when all went well, else a line."""
    room.set_up(command)
    path = ''
    try:
        done = command.run(room.folder, do, at, room.log)
        path = os.path.relpath(room.read_log()[0][2], os.path.dirname(room.folder))
        state = answer(room.folder)
        judge(command, done, call, do, before, state)
        if state is not None:
            check(room.folder)
        judge_copy(command, room.folder, done.returncode == 0 or b'committed' in done.stdout)
        retry(command, room.folder)
    except Wrong as wrong:
        return f'{do} at call {at}, {call} {path}: {wrong}'
    except (OSError, IndexError) as wrong:
        return f'{do} at call {at}, {call}: the call was not made ({wrong})'
    return None


def plan(command):
    """The trials of a command: all, or so many spread over its calls and the ways in which they go wrong."""
    trials = [(n, name, do) for n, name, _ in command.calls for do in ENDS + ERRORS.get(name, ('EIO',))]
    if ALL or len(trials) <= SAMPLE:
        return trials
    # A stride that no small number divides, so that all ways come up.
    return [trials[(i * len(trials) // SAMPLE + i % 7) % len(trials)] for i in range(SAMPLE)]


def tell_known(lines_of, flags):
    """Without what is known of the engine, which is told."""
    known = [line for line in lines_of
             if 'checksums' not in flags and any(all(part in line for part in parts) for parts in KNOWN)]
    for line in known:
        print(f'# known: {line}')
    return [line for line in lines_of if line not in known]


def try_all(tap, engine, command, place):
    rooms = threading.local()

    def one(trial):
        if not hasattr(rooms, 'room'):
            rooms.room = Room(place)
        return attempt(command, rooms.room, before, *trial)

    room = Room(os.path.join(place, 'first'))
    name = f'{engine}: {command.name}'
    try:
        unsynced = list_calls(command, room)
        before = answer(command.before) if command.before else None
    except Wrong as wrong:
        tap.result(name, [str(wrong)])
        return
    tap.result(f'{name}: nothing is unsynced when it is acknowledged', [os.path.relpath(p, room.root) for p in unsynced])
    trials = plan(command)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        failures = tell_known([line for line in pool.map(one, trials) if line],
                              engine_table()[command.writes or engine])
    tap.result(f'{name}: {len(trials)} faults at {len(command.calls)} calls', failures)


# ---- The commands ----

def make(folder, engine, versions):
    done = index('--engine', engine, '-o', folder, '-', stdin=lines(versions))
    if done.returncode != 0:
        raise SystemExit(f'cannot make an index: {done.stderr.decode()}')
    return folder


def find_merge(engine, place):
    """Update one by one; the update that makes the most calls is the one in which a merge falls due."""
    room = Room(os.path.join(place, 'merges'))
    state = {n: 1 for n in range(8)}
    current = make(os.path.join(place, 'merge0'), engine, state)
    best = None
    for i in range(1, UPDATES + 1):
        after = state | {i % 12: i + 1}
        command = Command('merge', current, ['-o', INDEX, '-'], after, lines({i % 12: i + 1}))
        list_calls(command, room)
        if not best or len(command.calls) > len(best.calls):
            best = command
        current, state = os.path.join(place, f'merge{i}'), after
        copy(room.folder, current)
    return best


def commands(engine, place):
    eight = {n: 1 for n in range(8)}
    ready = make(os.path.join(place, 'ready'), engine, eight)
    changed = {2: 2, 5: 2, 8: 2, 9: 2}
    yield Command('build', None, ['--engine', engine, '-o', INDEX, '-'], eight, lines(eight))
    yield Command('update', ready, ['-o', INDEX, '-'], eight | changed, lines(changed))
    yield Command('remove', ready, ['--remove', 'a3', INDEX], {n: 1 for n in eight if n != 3})
    yield Command('rebuild', ready, ['--rebuild', '-o', INDEX, '-'], changed, lines(changed))
    yield find_merge(engine, place)
    yield Command('snapshot', ready, ['--snapshot', COPY, INDEX], eight)
    for other in engine_table():
        if other != engine:
            yield Command(f'convert to {other}', ready, ['--engine', other, '--convert', INDEX, '-o', COPY], eight,
                          writes=other)


def main():
    tap = Tap()
    if SANITIZED:
        tap.skip('calls that go wrong', 'the sanitizers stand between the program and the calls')
        tap.done()
    for engine in engines():
        with scratch() as place:
            for command in commands(engine, place):
                try_all(tap, engine, command, place)
    tap.done()


if __name__ == '__main__':
    main()
