#!/bin/sh
# A copy of an index: whole, also while it is written to; and neither changes the other.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
SEARCH="$BIN/fihris-search"
cd "$TMP" || exit 1

# articles FROM TO WORD: JSON Lines, each article with WORD in it.
articles() {
    awk -v from="$1" -v to="$2" -v word="$3" 'BEGIN {
        for (i = from; i <= to; i++)
            printf "{\"id\":\"%d\",\"title\":\"خبر %d\",\"body\":\"مدينة طريق %s\"}\n", i, i, word
    }'
}
# sums INDEX: of all its files but the lock, which holds nothing.
sums() { (cd "$1" && find . -type f ! -name lock -exec cksum {} + | sort); }
# count INDEX WORD: how many articles have it.
count() { "$SEARCH" --format json -n 0 "$1" "$2" 2>/dev/null | sed 's/.*"value":\([0-9]*\).*/\1/'; }
# names FOLDER: how many names the files below it have, each of the segments and of the others.
names() { find "$1" -name '*.seg' -exec stat -c %h {} + | sort -u; }
other_names() { find "$1" -type f ! -name '*.seg' -exec stat -c %h {} + | sort -u; }

articles 1 400 أول >first.jsonl
articles 401 420 ثان >second.jsonl

for engine in native xapian; do
    mkdir $engine && cd $engine || exit 1
    "$INDEX" -q --engine $engine -o index ../first.jsonl
    "$INDEX" -q -o index ../second.jsonl
    "$INDEX" -q --remove 7 index
    sums index >index.sums
    like "$engine: a copy" "$("$INDEX" --snapshot copy index)" '^copy: 419 articles, '
    sums copy >copy.sums
    ok 'is the index, byte for byte' cmp index.sums copy.sums
    mkdir -p elsewhere/deep && mv copy elsewhere/deep/restored
    ok 'is sound where it is moved to' "$INDEX" --check elsewhere/deep/restored
    is 'answers there' "$(count elsewhere/deep/restored مدينة)" 419
    is 'for itself' "$(mv index away; count elsewhere/deep/restored ثان; mv away index)" 20

    ok 'the copy is updated' "$INDEX" -q --publish-every 1 -o elsewhere/deep/restored ../first.jsonl
    articles 1 300 ثالث | "$INDEX" -q -o elsewhere/deep/restored -
    "$INDEX" -q --remove 401 elsewhere/deep/restored
    is 'it has what is new' "$(count elsewhere/deep/restored ثالث)" 300
    sums index >now.sums
    ok 'and the index has not changed by a byte' cmp now.sums index.sums
    ok 'the updated copy is sound' "$INDEX" --check elsewhere/deep/restored
    sums elsewhere/deep/restored >restored.sums
    articles 1 420 رابع | "$INDEX" -q -o index -
    "$INDEX" -q --rebuild -o index ../second.jsonl
    sums elsewhere/deep/restored >now.sums
    ok 'nor does the copy with the index' cmp now.sums restored.sums
    ok 'the index may go altogether' sh -c "rm -rf index && '$INDEX' --check elsewhere/deep/restored"

    # Where it may go.
    "$INDEX" -q --engine $engine -o index ../first.jsonl
    mkdir empty full && echo x >full/file
    ok 'an empty folder takes a copy' "$INDEX" -q --snapshot empty index
    code 'another one does not' 2 "$INDEX" --snapshot full index
    like 'which is said' "$run_output" 'holds "file"'
    is 'nothing is touched there' "$(ls -A full)" file
    code 'nor does an index' 2 "$INDEX" --snapshot empty index
    like 'which is said as well' "$run_output" 'holds an index already'
    code 'no index, no copy' 2 "$INDEX" --snapshot new full
    not_ok 'and nothing is made' [ -e new ]
    like 'figures as JSON' "$("$INDEX" --json --snapshot figures index)" \
        '^\{"articles":400,"linked":[0-9]+,"linked_bytes":[0-9]+,"copied":[0-9]+,"copied_bytes":[0-9]+\}$'

    # What a killed run leaves: an unpublished index with some of the data.
    "$INDEX" -q --snapshot killed index
    sed 's/"data": *"[^"]*"/"data": ""/' index/fihris.json >killed/fihris.json
    rm "$(find killed/g* -type f | head -1)"
    code 'a copy that is not finished is no index' 2 "$SEARCH" killed مدينة
    ok 'the same command again finishes it' "$INDEX" -q --snapshot killed index
    ok 'soundly' "$INDEX" --check killed

    # A plain copy of an index that nobody writes to.
    cp -a index plain
    is 'cp -a copies it too' "$("$INDEX" --check plain)" 'plain: sound'
    articles 1 10 خامس | "$INDEX" -q -o plain -
    is 'for updates as well' "$(count plain خامس) $(count index خامس)" '10 0'
    cd ..
done

# ---- What is shared ----

"$INDEX" -q --engine native -o native.index first.jsonl second.jsonl
"$INDEX" -q --snapshot native.copy native.index
is 'segments are shared' "$(names native.index)" 2
is 'and nothing else' "$(other_names native.index) $(other_names native.copy)" '1 1'
"$INDEX" -q --engine xapian -o xapian.index first.jsonl
"$INDEX" -q --snapshot xapian.copy xapian.index
is 'tables that change in place are not' "$(other_names xapian.index) $(other_names xapian.copy)" '1 1'

# ---- Another file system, and the end of the disk ----

far=$(mktemp -d /dev/shm/fihris-test.XXXXXX 2>/dev/null)
if [ -n "$far" ] && [ "$(stat -c %d "$far")" != "$(stat -c %d .)" ]; then
    trap 'rm -rf "$TMP" "$far"' EXIT
    like 'to another file system all is copied' \
        "$("$INDEX" --json --snapshot "$far/copy" native.index)" '"linked":0,"linked_bytes":0,'
    is 'and sound there' "$("$INDEX" --check "$far/copy")" "$far/copy: sound"
    code 'no room for it' 2 sh -c "ulimit -f 8 && exec '$INDEX' --snapshot '$far/none' native.index"
    like 'which is said with the file' "$run_output" 'cannot write .*/none/.*\.seg'
    is 'leaves nothing' "$(ls "$far")" copy
else
    skip 'to another file system all is copied' '/dev/shm is none'
fi
rm -rf "$far"
code 'no room for tables' 2 sh -c "ulimit -f 8 && exec '$INDEX' --snapshot none xapian.index"
not_ok 'leaves nothing' [ -e none ]
mkdir none
code 'no room in a folder that was there' 2 sh -c "ulimit -f 8 && exec '$INDEX' --snapshot none xapian.index"
is 'leaves it empty' "$(ls -A none)" ''

cp -r native.index torn
rm "$(find torn -name '*.seg' | head -1)"
code 'an index without one of its files' 2 "$INDEX" --snapshot none torn
like 'is not copied' "$run_output" 'missing: .*\.seg'

# ---- While a writer is at work ----

# hold INDEX: an indexer that waits for its input, with an article read.
hold() {
    mkfifo held
    "$INDEX" -q -o "$1" - <held &
    indexer=$!
    exec 7>held
    articles 900 900 سادس >&7
    while [ ! -s "$1/lock" ] || [ "$(cat "$1/lock")" != $indexer ]; do sleep .01; done
}
let_go() {
    exec 7>&-
    wait $indexer
    rm held
}
hold xapian.index
code 'xapian: not while a writer has it' 2 "$INDEX" --snapshot live xapian.index
like 'which names the writer' "$run_output" "process $indexer .*in place"
not_ok 'and leaves nothing' [ -e live ]
let_go
ok 'but behind it' "$INDEX" -q --snapshot live xapian.index
rm -rf live
hold native.index
ok 'native: a writer is no obstacle' "$INDEX" -q --snapshot live native.index
is 'what is not published is not there' "$(count live مدينة)" 420
let_go
is 'and stays away' "$(count live مدينة) $(count native.index مدينة)" '420 421'
rm -rf live

# Every round replaces all articles in one publish: a copy has one round, all of it, and nothing else.
articles 1 30 جولة0 >round.jsonl
"$INDEX" -q --engine native -o busy round.jsonl
(
    round=1
    while [ ! -e enough ]; do
        articles 1 30 "جولة$round" >round.jsonl
        if [ $((round % 7)) -eq 0 ]; then rebuild=--rebuild; else rebuild=; fi
        "$INDEX" -q $rebuild -o busy round.jsonl || echo "round $round failed"
        round=$((round + 1))
    done
    echo $round >rounds
) >writer.out 2>&1 &
writer=$!
: >seen
wrong=
i=0
while [ $i -lt 40 ]; do
    i=$((i + 1))
    rm -rf busy.copy
    "$INDEX" -q --snapshot busy.copy busy >busy.out 2>&1 && "$INDEX" -q --check busy.copy >>busy.out 2>&1 ||
        { wrong="$wrong $i: $(cat busy.out)"; continue; }
    word=$("$SEARCH" --get 1 busy.copy | grep -o 'جولة[0-9]*' | head -1)
    echo "$word" >>seen
    [ "$(count busy.copy "$word") $(count busy.copy مدينة)" = '30 30' ] || wrong="$wrong $i: not one round"
done
: >enough
wait $writer
is 'every copy of a busy index is whole, and of one moment' "$wrong" ''
is 'its writer is not disturbed' "$(cat writer.out)" ''
ok 'it was busy: copies are of different rounds' [ "$(sort -u seen | wc -l)" -gt 3 ]
ok 'and it is sound' "$INDEX" --check busy

done_testing
