#!/usr/bin/env python3
"""
fihris-index dies by kill -9 at random moments of builds, updates, merges and removals: all that it had
acknowledged is there, the index holds a beginning of what it was given and nothing else, --check finds it
sound, and the same command again succeeds.

`make check` kills 20 times, `make fault` 200 times, for each engine. FAULT_SEED=N repeats a run.
"""
import json
import os
import random
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from fault_lab import ALL, BIN, Tap, Wrong, answer, check, engines, index, lines, scratch  # noqa: E402

KILLS = 200 if ALL else 20

# A stream comes in so many bursts of so many articles, with pauses so long; what came is published each second.
BURSTS, BURST, PAUSE = 12, 40, .2

# Articles that are there before an update, and steps of one article each.
BEFORE, STEPS = 100, 30


def start(arguments, stdin=subprocess.DEVNULL):
    return subprocess.Popen([os.path.join(BIN, 'fihris-index'), '-q', '--json', '--jobs', '2', *arguments],
                            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def acknowledged(output):
    """The number in the last acknowledgement, or None. A line that is cut off counts for nothing."""
    counts = [json.loads(line)['committed'] for line in output.decode().split('\n')[:-1] if 'committed' in line]
    return counts[-1] if counts else None


def apply(state, changes):
    """The states that the index goes through: STATE, then each of CHANGES one more."""
    states = [state]
    for number, version in changes:
        states.append({n: v for n, v in (states[-1] | {number: version}).items() if v})
    return states


# ---- One process that reads a stream ----

def feed(stream, changes):
    try:
        for at in range(0, len(changes), BURST):
            stream.write(lines(dict(changes[at:at + BURST])))
            stream.flush()
            time.sleep(PAUSE)
        stream.close()
    except BrokenPipeError:
        pass


def kill_stream(folder, arguments, changes, moment):
    """Run, and kill after MOMENT seconds. Returns how many articles the index is said to have, or None."""
    process = start([*arguments, '-o', folder, '-'], subprocess.PIPE)
    feeder = threading.Thread(target=feed, args=(process.stdin, changes))
    feeder.start()
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
    output, errors = process.stdout.read(), process.stderr.read()
    feeder.join()
    if process.wait() not in (0, -9):
        raise Wrong(f'exit status {process.returncode}: {errors.decode()}')
    try:
        process.stdin.close()
    except BrokenPipeError:
        pass
    return acknowledged(output)


def build(folder, engine, draw):
    changes = [(n, 1) for n in range(BURSTS * BURST)]
    moment = draw.uniform(0, BURSTS * PAUSE)
    count = kill_stream(folder, ['--engine', engine, '--publish-every', '1'], changes, moment)
    again = lambda: index('--engine', engine, '-o', folder, '-', stdin=lines(dict(changes)))  # noqa: E731
    return moment, apply({}, changes), count or 0, again


def update(folder, engine, draw):
    """Every second article is new: what is acknowledged counts those."""
    before = {n: 1 for n in range(BEFORE)}
    make(folder, engine, before)
    order = draw.sample(range(BEFORE), BEFORE)
    changes = [change for i, n in enumerate(order) for change in ((n, 2), (BEFORE + i, 1))]
    moment = draw.uniform(0, len(changes) / BURST * PAUSE)
    count = kill_stream(folder, ['--publish-every', '1'], changes, moment)
    known = 2 * (count - BEFORE) if count else 0
    again = lambda: index('-o', folder, '-', stdin=lines(dict(changes)))  # noqa: E731
    return moment, apply(before, changes), known, again


# ---- Many processes, one change each ----

def kill_steps(commands, moment):
    """Run one after the other, and kill the one that runs after MOMENT seconds. How many have ended well?"""
    end = time.monotonic() + moment
    for done, (arguments, stdin) in enumerate(commands):
        process = start(arguments, subprocess.PIPE)
        try:
            process.communicate(stdin, max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            # It may have been done in this very moment.
            if process.returncode == -9:
                return done
        if process.returncode != 0:
            raise Wrong(f'step {done} ends with {process.returncode}')
    return len(commands)


def steps(folder, before, changes, commands, draw):
    moment = draw.uniform(0, 1)
    done = kill_steps(commands, moment)

    def again():
        """From the command that was killed on; what was removed already is told by exit status 1."""
        for arguments, stdin in commands[done:]:
            result = index(*arguments, stdin=stdin)
            if result.returncode != 0 and not ('--remove' in arguments and result.returncode == 1):
                break
        return index('--stats', folder) if done == len(commands) or result.returncode == 1 else result

    return moment, apply(before, changes), done, again


def merge(folder, engine, draw):
    before = {n: 1 for n in range(BEFORE)}
    make(folder, engine, before)
    changes = [(draw.randrange(BEFORE), i + 2) for i in range(STEPS)]
    commands = [(['-o', folder, '-'], lines({n: v})) for n, v in changes]
    return steps(folder, before, changes, commands, draw)


def remove(folder, engine, draw):
    before = {n: 1 for n in range(BEFORE)}
    make(folder, engine, before)
    changes = [(n, 0) for n in draw.sample(range(BEFORE), STEPS)]
    commands = [(['--remove', f'a{n}', folder], b'') for n, _ in changes]
    return steps(folder, before, changes, commands, draw)


# ---- Judging ----

def make(folder, engine, versions):
    done = index('--engine', engine, '-o', folder, '-', stdin=lines(versions))
    if done.returncode != 0:
        raise Wrong(f'cannot make an index: {done.stderr.decode()}')


def judge(folder, states, known, again):
    state = answer(folder)
    if state is None and known:
        raise Wrong('there is no index any more')
    if (state or {}) not in states[known:]:
        which = states.index(state) if state in states else 'a mix'
        raise Wrong(f'{known} changes were acknowledged, there is {which}')
    if state is not None:
        check(folder)
    done = again()
    if done.returncode != 0:
        raise Wrong(f'the same command again ({done.returncode}): {done.stderr.decode()}')
    if answer(folder) != states[-1]:
        raise Wrong('the same command again does not make the index whole')
    check(folder)


def main():
    tap = Tap()
    seed = int(os.environ.get('FAULT_SEED', random.SystemRandom().randrange(10**6)))
    print(f'# FAULT_SEED={seed}')
    draw = random.Random(seed)
    rounds = (build, update, merge, remove)
    for engine in engines():
        failures = {r.__name__: [] for r in rounds}
        with scratch() as place:
            for i in range(KILLS):
                round_of = rounds[i % len(rounds)]
                folder = os.path.join(place, f'index{i}')
                moment = 0
                try:
                    moment, states, known, again = round_of(folder, engine, draw)
                    judge(folder, states, known, again)
                except Wrong as wrong:
                    failures[round_of.__name__].append(f'kill {i} of seed {seed}, after {moment:.3f} s: {wrong}')
        for name, wrong in failures.items():
            tap.result(f'{engine}: {KILLS // len(rounds)} times killed in a {name}', wrong)
    tap.done()


if __name__ == '__main__':
    main()
