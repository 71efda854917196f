#!/bin/sh
# --memory is kept: what the program itself takes (not what it has mapped from files) stays within it. Merging
# takes some 120 bytes for each different spelling whatever it is given, 40 MB for the 320,000 of these news.
. "$(dirname "$0")/lib.sh"
cd "$TMP" || exit 1
INDEX="$BIN/fihris-index"
NEWS=$SHARED/corpora/news.jsonl.gz

if [ -z "$SHARED" ] || [ ! -e "$NEWS" ]; then
    skip 'memory is kept' 'skipped: ../shared is not there'
    done_testing
fi
if ldd "$INDEX" | grep -qE 'lib[at]san'; then
    skip 'memory is kept' 'sanitizers take memory of their own'
    done_testing
fi

# The most megabytes of its own that a build in SIZE MB had at any time it was looked at.
peak() {
    "$INDEX" -q --jobs 2 --memory "$1M" -o "$1" "$NEWS" &
    pid=$!
    most=0
    while kill -0 "$pid" 2>/dev/null; do
        now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\)[0-9][0-9][0-9] kB/\1/p' "/proc/$pid/status" 2>/dev/null)
        [ "${now:-0}" -gt "$most" ] && most=$now
        sleep .02
    done
    wait "$pid" || most=failed
    echo "$most"
}

# keeps SIZE BOUND
keeps() {
    most=$(peak "$1")
    ok "a build in $1 MB was looked at: $most MB" [ "$most" -gt 20 ]
    ok "and took at most $2 MB" [ "$most" -le "$2" ]
}

keeps 160 160
keeps 64 100
ok 'little memory changes no answer' [ "$("$INDEX" --stats 64 | grep -o '"articles":[0-9]*')" = '"articles":30676' ]

done_testing
