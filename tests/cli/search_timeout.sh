#!/bin/sh
# fihris-search --timeout: a search that takes too long ends, and what an engine cannot do is said.
. "$(dirname "$0")/lib.sh"

cd "$TMP" || exit 1
# Nothing in the body of "long" matches, so that its snippet has to be looked for in all of it.
{
    printf '{"id":"short","title":"زورق","body":"في البحر"}\n'
    printf '{"id":"long","title":"سفينة","body":"'
    awk 'BEGIN { for (i = 0; i < 300000; i++) printf "w%d ", i % 1000 }'
    printf '"}\n'
} >articles.jsonl
"$BIN/fihris-index" -q --engine xapian -o index articles.jsonl || exit 1
search() {
    "$BIN/fihris-search" "$@"
}
said() {
    search "$@" 2>&1 >/dev/null
}

code 'a search in time' 0 search --timeout 60000 index سفينة
code 'a search that takes too long' 2 search --timeout 1 index سفينة
like 'says so' "$(said --timeout 1 index سفينة)" 'not done within 1 ms: allow it more time'
is 'and prints nothing' "$(search --timeout 1 index سفينة 2>/dev/null)" ''
like 'an engine without deadlines says so' "$(said --timeout 60000 index زورق)" \
    '^fihris-search: this engine \(xapian\) cannot keep a deadline inside a search'
is 'but not when there is none' "$(said index زورق)" ''
"$BIN/fihris-index" -q --engine native -o native.index articles.jsonl || exit 1
is 'nor does an engine with deadlines' "$(said --timeout 60000 native.index زورق)" ''
code 'whose searches end too' 2 search --timeout 1 native.index سفينة

printf 'q1\tزورق\nq2\tسفينة\nno query\n' >queries.tsv
run search --timeout 60000 --batch queries.tsv --format tsv index
is 'a batch runs' "$run_status" 0
is 'and says once what the engine cannot do' "$(said --timeout 60000 --batch queries.tsv index | grep -c 'this engine')" 1
like 'a query that takes too long is named' "$(said --timeout 1 --batch queries.tsv --format jsonl index)" \
    'queries.tsv:2: the search was not done within 1 ms'
like 'and the batch goes on' "$(said --timeout 1 --batch queries.tsv --format jsonl index)" 'queries.tsv:3: not'

for wrong in 0 -1 x 4294967296; do
    code "no time: $wrong" 2 search --timeout "$wrong" index زورق
done

done_testing
