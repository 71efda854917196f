#!/bin/sh
# What fihris-index says at the end, --refused, --show, and what happens when there is very much to say.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
cd "$TMP" || exit 1

mkdir in
{
    printf '{"id":"1","title":"خبر \\"أول\\"","body":"سطر\\nسطر","keywords":["أ","ب"],"date":"2026-02"}\n'
    printf 'not json\n{"id":"2"\n'
    printf '{"id":"3","title":3}\n{"id":"4"\n{"id":"5"\n{"id":"6"\n'
    printf '{"id":7.5e1,"title":"\\u0642مة","n":{"k":[1,{}]}}\n'
} >in/a.jsonl
printf '{"id":"8"\n' >in/b.jsonl
: >in/empty.txt

# ---- The report ----

"$INDEX" -o i in >out 2>err
said=$(sed -n '/^By reason:$/,$p' err)
is 'the report stands at the end, by reason, the largest first' "$said" "By reason:
      5 refused: bad JSON at byte N: '}' expected
            in/a.jsonl:3
            in/a.jsonl:5
            in/a.jsonl:6
            and 2 more
      1 refused: \"title\" is no text
            in/a.jsonl:4
      1 refused: bad JSON at byte N: '{' expected
            in/a.jsonl:2
      1 refused: empty
            in/empty.txt"
is 'each was also named when it came' "$(grep -c ': refused: ' err)" 8
like 'the summary counts them' "$(cat out)" '^2 added, .*, 8 refused$'
unlike 'with -q there is no report' "$("$INDEX" -q -o i in 2>&1)" 'By reason'
printf '{"title":"خبر"}\n' >good.jsonl
is 'nothing refused, no report' "$("$INDEX" -o good good.jsonl 2>&1 >/dev/null)" ''

# ---- What names do not say ----

printf '[\n  {\n    "title": "خبر"\n  }\n]\n' >export
like 'a JSON array is no text page, whatever it is called' "$("$INDEX" --show export 2>&1)" \
    '^export:1: refused: one JSON value over several lines: write each article'

printf '{"_id":"1","_source":{"title":"خبر","body":"نص"}}\n{"url":"x"}\n{"title":" ","x":1}\n' >dump.json
is 'a line without title and body is refused with the keys that it has' \
    "$("$INDEX" -q --show dump.json 2>&1)" \
    'dump.json:1: refused: neither title nor body: its keys are _id, _source
dump.json:2: refused: neither title nor body: its keys are url
dump.json:3: refused: neither title nor body'

# ---- The file of refusals ----

code 'a file of refusals changes no exit status' 1 "$INDEX" -q --refused refused.jsonl -o i in
is 'it holds them all, in order' "$(cat refused.jsonl)" \
    "{\"file\":\"in/a.jsonl\",\"line\":2,\"reason\":\"bad JSON at byte 1: '{' expected\"}
{\"file\":\"in/a.jsonl\",\"line\":3,\"reason\":\"bad JSON at byte 9: '}' expected\"}
{\"file\":\"in/a.jsonl\",\"line\":4,\"reason\":\"\\\"title\\\" is no text\"}
{\"file\":\"in/a.jsonl\",\"line\":5,\"reason\":\"bad JSON at byte 9: '}' expected\"}
{\"file\":\"in/a.jsonl\",\"line\":6,\"reason\":\"bad JSON at byte 9: '}' expected\"}
{\"file\":\"in/a.jsonl\",\"line\":7,\"reason\":\"bad JSON at byte 9: '}' expected\"}
{\"file\":\"in/b.jsonl\",\"line\":1,\"reason\":\"bad JSON at byte 9: '}' expected\"}
{\"file\":\"in/empty.txt\",\"line\":0,\"reason\":\"empty\"}"
code 'nothing refused' 0 "$INDEX" -q --refused refused.jsonl -o good good.jsonl
ok 'leaves it empty' [ ! -s refused.jsonl ]
cp good.jsonl precious.jsonl
code 'an input is not overwritten' 2 "$INDEX" -q --refused precious.jsonl -o good ./precious.jsonl
ok 'and is as it was' cmp good.jsonl precious.jsonl
code 'a file that cannot be made is a failure' 2 "$INDEX" -q --refused nowhere/x -o good good.jsonl
code 'a file that cannot be written is one' 2 "$INDEX" -q --refused /dev/full -o i in
is 'but what was read is in the index' "$("$INDEX" --stats i | grep -o '"articles":[0-9]*')" '"articles":2'
code 'it goes with reading only' 2 "$INDEX" --refused x.jsonl --stats i
not_ok 'and is then not made' [ -e x.jsonl ]
printf 'x' >"$(printf 'in/esc\033\377.xyz')"
"$INDEX" -q --refused refused.jsonl -o i in 2>err
like 'names of any bytes are told' "$(cat refused.jsonl)" '"file":"in/esc\\u001B�.xyz"'
rm -f in/esc*

# Refusals are there while the program still waits for more.
mkfifo pipe
"$INDEX" -q --refused live.jsonl -o live pipe 2>err &
child=$!
exec 9>pipe
awk 'BEGIN { for (i = 0; i < 20000; i++) print "{\"title\":\"خبر\"}\nno json" }' >&9
tries=0
while [ "$(cat live.jsonl 2>err | wc -l)" -lt 1 ] && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
kill -9 "$child"
exec 9>&-
wait "$child" 2>err
like 'a killed program leaves what it refused' "$(cat live.jsonl)" '^\{"file":"pipe","line":2,"reason":.*\}$'

# ---- Very many ----

awk 'BEGIN { for (i = 0; i < 5000; i++) print "{\"id\":" i; print "{\"id\":1,\"title\":3}" }' >many.jsonl
awk 'BEGIN { for (i = 0; i < 50; i++) print "{\"id\":" i ",\"title\":\"x\",\"date\":\"d\"}" }' >dates.jsonl
"$INDEX" --refused refused.jsonl -o many many.jsonl dates.jsonl >out 2>err
is 'of very many, some are named' "$(grep -c ': refused: bad JSON' err)" 20
is 'it is said once that the others are not' "$(grep -c '^many.jsonl: more refusals like this ' err)" 1
like 'with the way to see them' "$(cat err)" \
    "--refused FILE keeps all\\): bad JSON at byte N: '}' expected\$"
like 'another reason is not drowned' "$(cat err)" '^many.jsonl:5001: refused: "title" is no text$'
is 'warnings likewise' "$(grep -c ': warning: ' err)" 20
like 'and it is said' "$(cat err)" '^dates.jsonl: more warnings like this are counted, not named \(-v names all\): '
like 'the report counts all' "$(cat err)" "^   5000 refused: bad JSON at byte N: '}' expected\$"
like 'warnings too' "$(cat err)" '^     50 warning: '
is 'the file of refusals holds all' "$(wc -l <refused.jsonl)" 5001
is 'so does -v' "$("$INDEX" -v -o many many.jsonl 2>&1 | grep -c ': refused: ')" 5001
like 'the summary counts all' "$(cat out)" ', 5001 refused'

# ---- Showing ----

code 'what is refused gives 1' 1 "$INDEX" --show in
code 'nothing refused gives 0' 0 "$INDEX" --show good.jsonl
code 'something to show must be named' 2 "$INDEX" --show
code 'showing and indexing are two things' 2 "$INDEX" --show -o shown good.jsonl
not_ok 'no index is made' [ -e shown ]
"$INDEX" --show in >shown.jsonl 2>err
is 'articles are shown as JSON Lines' "$(cat shown.jsonl)" \
    '{"id":"1","title":"خبر \"أول\"","date":"2026-02","keywords":["أ","ب"],"body":"سطر\nسطر"}
{"id":"75.0","title":"قمة"}'
is 'and refusals named' "$(grep -c ': refused: ' err)" 8
ok 'with the report' grep -q '^By reason:$' err
is 'what was shown is read again as it was' "$("$INDEX" --show shown.jsonl)" "$(cat shown.jsonl)"
"$INDEX" -q -o direct in 2>err
"$INDEX" -q -o again shown.jsonl
is 'and is the same article' "$("$BIN/fihris-search" --format jsonl --get 1 direct)" \
    "$("$BIN/fihris-search" --format jsonl --get 1 again)"
"$INDEX" --show "$ROOT/corpus/sample" >sample.jsonl 2>err
is 'every format is shown so' "$("$INDEX" --show sample.jsonl | cksum)" "$(cksum <sample.jsonl)"
is 'standard input is shown' "$("$INDEX" --show - <good.jsonl)" '{"id":"-#1","title":"خبر"}'
code 'refusals can be kept' 1 "$INDEX" -q --refused refused.jsonl --show in
is 'all of them' "$(wc -l <refused.jsonl)" 8
code 'output that cannot be written is a failure' 2 sh -c '"$1" --show good.jsonl >/dev/full' sh "$INDEX"

done_testing
