#!/bin/sh
# Indexing that is stopped, killed, or runs out of disk: the index is whole, and nothing acknowledged is lost.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
cd "$TMP" || exit 1

# articles FIRST LAST: so many, of some words each.
articles() {
    awk -v first="$1" -v last="$2" 'BEGIN {
        count = split("وزارة الخارجية الروسية اتصالات متواصلة بشكل نشط مدينة كتاب مدرسة قطار ميناء سفينة طريق", w, " ")
        srand(first)
        for (i = first; i <= last; i++) {
            text = ""
            for (j = 0; j < 80; j++)
                text = text " " w[int(rand() * count) + 1] int(rand() * 20000)
            printf "{\"id\":\"%d\",\"title\":\"عنوان %d\",\"body\":\"%s\"}\n", i, i, text
        }
    }'
}

count() {
    "$INDEX" --stats "$1" 2>/dev/null | grep -o '"articles":[0-9]*' | cut -d: -f2
}

# acknowledged FILE: the number of the last whole acknowledgement in it, 0 when there is none.
acknowledged() {
    sed -n 's/^{"committed":\([0-9]*\)}$/\1/p' "$1" | tail -n 1 | grep . || echo 0
}

ALL=4000
articles 1 $ALL >all.jsonl

# ---- A slow input ----

mkfifo pipe
{ head -n 50 all.jsonl; exec sleep 60; } >pipe &
feeder=$!
"$INDEX" -q --json --publish-every 1 -o slow.index - <pipe >slow.out 2>&1 &
indexer=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q committed slow.out && break
    sleep 0.5
done
is 'what came is published while a pipe is waited for' "$(acknowledged slow.out)" 50

# ---- One writer ----

code 'a second writer fails at once' 2 "$INDEX" -q -o slow.index all.jsonl
run "$INDEX" -q -o slow.index all.jsonl
like 'and names the first' "$(cat .output)" "(^|[^0-9])$indexer([^0-9]|\$)"
code 'removing is writing' 2 "$INDEX" -q --remove 1 slow.index
is 'reading is not' "$(count slow.index)" 50

# ---- Signals ----

kill -TERM "$indexer"
wait "$indexer"
is 'a signal ends the waiting' "$?" 2
like 'the summary says so' "$(cat slow.out)" '"stopped":true'
is 'what was read is in the index' "$(count slow.index)" 50
kill "$feeder" 2>/dev/null
wait "$feeder" 2>/dev/null

# interrupt OPTION...: index a thousand articles from a pipe that stays open, and press Ctrl-C then.
interrupt() {
    { head -n 1000 all.jsonl; exec sleep 60; } >pipe &
    feeder=$!
    : >stop.err
    "$INDEX" -v "$@" - <pipe >stop.out 2>stop.err &
    indexer=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        grep -q 'read as' stop.err && break
        sleep 0.2
    done
    sleep 0.5
    kill -INT "$indexer"
    wait "$indexer"
    status=$?
    kill "$feeder" 2>/dev/null
    wait "$feeder" 2>/dev/null
    return $status
}

interrupt --json -o stop.index
is 'Ctrl-C ends with 2' "$?" 2
is 'what was read before is acknowledged' "$(acknowledged stop.out)" 1000
is 'and in the index' "$(count stop.index)" 1000
like 'the way on is told' "$(cat stop.err)" 'run the same command again'
interrupt --prune -o stop.index
is 'nothing is pruned then' "$(count stop.index)" 1000
like 'which is told' "$(cat stop.err)" 'prune removed nothing'
head -n 2000 all.jsonl >some.jsonl
like 'the next run goes on' "$("$INDEX" -q --json -o stop.index some.jsonl)" \
    '"articles":2000,"added":1000,"changed":0,"unchanged":1000,'

interrupt --stemmer none --rebuild -o stop.index
is 'a rebuild that is stopped ends with 2' "$?" 2
like 'and says what it did' "$(cat stop.err)" 'nothing was changed'
is 'the old index is whole' "$(count stop.index)" 2000
like 'and the same' "$("$INDEX" --stats stop.index)" '"analysis":"[^"]*/light"'

# ---- kill -9 ----

# Kill a run after that many milliseconds, and hold the index to what the run had said.
kill_after() {
    "$INDEX" -q --json --publish-every 1 -o kill.index all.jsonl >kill.out 2>kill.err &
    indexer=$!
    sleep "$(awk -v ms="$1" 'BEGIN { print ms / 1000 }')"
    kill -9 "$indexer" 2>/dev/null
    wait "$indexer" 2>/dev/null
    there=$(acknowledged kill.out)
    [ "$there" -ge "$known" ] && known=$there
    [ "$known" -gt 0 ] || return 0
    "$INDEX" --check kill.index >kill.check 2>&1 || { cat kill.check; return 1; }
    head -n "$known" all.jsonl | "$INDEX" -q --json --publish-every 600 -o kill.index - >kill.after ||
        return 1
    grep -q "\"added\":0,\"changed\":0,\"unchanged\":$known,\"removed\":0" kill.after ||
        { cat kill.after; echo "acknowledged: $known"; return 1; }
}

# Kills fall anywhere in a run; a run that got to its end begins anew.
known=0
began=$(date +%s%N)
"$INDEX" -q --publish-every 1 -o whole.index all.jsonl
took=$((($(date +%s%N) - began) / 1000000))
for _ in 1 2 3 4 5 6 7 8 9 10; do
    ms=$(($(od -An -N2 -tu2 /dev/urandom) * took / 65536))
    if [ "$known" -eq $ALL ]; then
        rm -rf kill.index
        known=0
    fi
    ok "killed after $ms ms, it has all that was acknowledged" kill_after $ms
done
like 'the same command again makes it whole' "$("$INDEX" -q --json -o kill.index all.jsonl)" \
    "\"articles\":$ALL,.*\"refused\":0"
code 'and sound' 0 "$INDEX" --check kill.index

# ---- A full disk ----

# hold_full NAME FULL FREE INDEX: index 100 articles, then all where there is no room, then where there is.
hold_full() {
    index=$4
    head -n 100 all.jsonl | "$INDEX" -q -o "$index" -
    code "$1: it fails" 2 "$2" "$INDEX" -q -o "$index" all.jsonl
    run "$2" "$INDEX" -q -o "$index" all.jsonl
    like "$1: it says why" "$(cat .output)" '^fihris-index: .*([Nn]o space|[Ff]ile too large)'
    is "$1: the old index answers" "$(count "$index")" 100
    code "$1: and is sound" 0 "$INDEX" --check "$index"
    code "$1: with room a retry works" 0 "$3" "$INDEX" -q -o "$index" all.jsonl
    is "$1: and has all" "$(count "$index")" $ALL
}

limited() {
    (ulimit -f 4096 && exec "$@")
}

small() {
    mount -o remount,size=4m "$TMP/disk"
    "$@"
}

large() {
    mount -o remount,size=400m "$TMP/disk"
    "$@"
}

as_it_is() {
    "$@"
}

hold_full 'files may not grow' limited as_it_is limited.index
mkdir disk
if mount -t tmpfs -o size=400m none disk 2>/dev/null; then
    trap 'umount -l "$TMP/disk"; rm -rf "$TMP"' EXIT
    hold_full 'a full disk' small large disk/index
else
    skip 'a full disk' 'only root can make one'
fi

done_testing
