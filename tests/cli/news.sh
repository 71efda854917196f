#!/bin/sh
# About 100 MB of real news, whole: takes a minute.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
NEWS=$SHARED/corpora/news.jsonl.gz
cd "$TMP" || exit 1

if [ -z "$SHARED" ] || [ ! -e "$NEWS" ]; then
    skip 'the news are indexed' 'skipped: ../shared is not there'
    done_testing
fi

run "$INDEX" -q --json --memory 256M -o index "$NEWS"
is 'the news are indexed without a refusal' "$run_status" 0
like 'every article' "$(cat .output)" '"articles":30676,"added":30676,.*"refused":0,.*"repaired":0'
like 'again, nothing has changed' "$("$INDEX" -q --json -o index "$NEWS")" \
    '"articles":30676,"added":0,"changed":0,"unchanged":30676,"removed":0,"refused":0'
gzip -dc "$NEWS" | sed -n '1,100s/"title": "/&معدل /p' >some.jsonl
like 'a hundred articles are changed in it' "$("$INDEX" -q --json -o index some.jsonl)" \
    '"articles":30676,"added":0,"changed":100,"unchanged":0,"removed":0,"refused":0'
like 'pruning touches nothing that came from elsewhere' "$("$INDEX" -q --json --prune -o index some.jsonl)" \
    '"articles":30676,.*"removed":0'
code 'the index is sound' 0 "$INDEX" --check index

done_testing
