#!/bin/sh
# An index of one engine becomes one of the other: the same articles, the same answers.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
SEARCH="$BIN/fihris-search"
cd "$TMP" || exit 1

# Articles of made-up text, with all that an article may have and leave out.
awk 'BEGIN {
    count = split("وزارة الخارجية الروسية اتصالات متواصلة نشط مدينة كتاب مدرسة قطار ميناء سفينة طريق", w, " ")
    srand(11)
    for (i = 1; i <= 3000; i++) {
        text = ""
        for (j = 0; j < 40; j++)
            text = text " " w[int(rand() * rand() * count) + 1] (j % 9 == 8 ? ".\\n\\n  " : "")
        printf "{\"id\":\"%s%d\",\"body\":\"%s\"", i % 5 ? "" : "http://example.org/", i, text
        if (i % 3) printf ",\"title\":\"%s %d\"", w[i % count + 1], i % 50
        if (i % 4) printf ",\"date\":\"%d-%02d\"", 1900 + i % 100, i % 12 + 1
        if (i % 6) printf ",\"source\":\"مصدر %d\",\"section\":\"باب %d\"", i % 7, i % 3
        if (i % 11 == 0) printf ",\"keywords\":[\"أ\",\"%d\"],\"url\":\"http://example.org/u/%d\"", i, i
        print "}"
    }
}' >first.jsonl
# Some of them changed, some no longer there.
awk 'NR % 10 == 0 { sub(/"body":"/, "\"body\":\"جديد ") } NR % 17 != 0' first.jsonl >later.jsonl

# facts INDEX: what both engines say of an index, whatever else they know.
facts() {
    "$INDEX" --stats "$1" |
        sed 's/.*\("articles":[0-9]*\).*\("text_bytes":[0-9]*\).*/\1 \2/; s/$/ /'
    "$INDEX" --stats "$1" | grep -o '"\(analysis\|first_date\|last_date\)":"[^"]*"'
}

# finds INDEX: the total and the ids that each kind of query finds, in no order of rank.
finds() {
    while IFS='|' read -r options query; do
        echo "== $options $query"
        # shellcheck disable=SC2086  # options are words
        "$SEARCH" --format jsonl -n 5000 $options "$1" "$query" 2>/dev/null |
            grep -o '^{"rank":[0-9]*,"id":"[^"]*"' | sed 's/.*,//' | sort
        # shellcheck disable=SC2086
        "$SEARCH" --format json -n 1 $options "$1" "$query" 2>/dev/null | grep -o '"total":{[^}]*}'
    done <<'QUERIES'
|وزارة
|الوزارة مدارس
--all|قطار ميناء
|"كتاب مدرسة"
|"مدينة طريق"~6
|+قطار -ميناء
|سفي*
|=متواصلة
--from 1950 --to 1960-06|طريق
--source مصدر_3|طريق
|جديد
|كلمةغيرموجودة
QUERIES
}

# order INDEX: what sorting by date gives, which is no matter of rank.
order() {
    for sort in date date-asc; do
        "$SEARCH" --format tsv -n 3000 --sort "$sort" "$1" 'طريق' | cut -f 1,3-
    done
}

# articles INDEX: articles whole, as --get prints them.
articles() {
    sed 's/{"id":"\([^"]*\)".*/\1/' first.jsonl | awk 'NR % 50 == 0 || NR % 340 == 0 || NR < 40' |
        while read -r id; do "$SEARCH" --get "$id" "$1" 2>/dev/null || echo "none: $?"; done
}

other_of() { [ "$1" = native ] && echo xapian || echo native; }

for engine in xapian native; do
    other=$(other_of $engine)
    cp first.jsonl all.jsonl
    "$INDEX" -q --engine $engine -o $engine all.jsonl
    cp later.jsonl all.jsonl
    "$INDEX" -q --prune -o $engine all.jsonl
    (cd $engine && find . -type f ! -name lock -exec cksum {} + | sort) >$engine.before
    code "from $engine to $other" 0 "$INDEX" -q --convert $engine --engine "$other" -o from.$engine
    (cd $engine && find . -type f ! -name lock -exec cksum {} + | sort) >$engine.after
    ok "the $engine index stays as it was" cmp $engine.before $engine.after
    like "the new one is $other" "$("$INDEX" --stats from.$engine)" "\"engine\":\"$other\""
    ok 'and sound' "$INDEX" --check from.$engine
    is 'it holds as much' "$(facts from.$engine)" "$(facts $engine)"
    finds $engine >want
    finds from.$engine >got
    ok 'it finds the same' cmp got want
    ok 'something is found' [ "$(grep -c '"id"' want)" -gt 3000 ]
    order $engine >want
    order from.$engine >got
    ok 'in the same order of dates' cmp got want
    articles $engine >want
    articles from.$engine >got
    ok 'every article is the same, byte for byte' cmp got want
    like 'but for those that were removed' "$(cat got)" '^none: 1'
    like 'the next update finds all unchanged' \
        "$("$INDEX" -q --json --prune -o from.$engine all.jsonl)" '"added":0,"changed":0,"unchanged":[0-9]*,"removed":0'
done

is 'both engines were of the same articles' "$(facts native)" "$(facts xapian)"
"$INDEX" -q --convert from.native --engine native -o back
finds native >want
finds back >got
ok 'there and back, it finds the same' cmp got want
"$INDEX" -q --jobs 3 --memory 16M --convert from.native --engine native -o again
finds again >got
ok 'workers and memory change no answer' cmp got want

# ---- What it says ----

like 'the summary' "$("$INDEX" --convert native --engine xapian -o said 2>/dev/null)" \
    '^[0-9]* added, 0 changed, 0 unchanged, 0 removed$'
said=$("$INDEX" -q --json --convert native --engine xapian -o json)
like 'as JSON, with its acknowledgement first' "$(echo "$said" | head -1)" '^\{"committed":[0-9]+\}$'
like 'and the summary last' "$(echo "$said" | tail -1)" '"added":[0-9]*.*"stopped":false'

# ---- What it refuses ----

refuses() {
    name=$1 pattern=$2
    shift 2
    code "$name" 2 "$INDEX" "$@"
    like "  which is said" "$run_output" "$pattern"
}
mkdir mine && echo x >mine/file
refuses 'a folder of something else' 'mine.*holds "file"' --convert native -o mine
is 'nothing is touched there' "$(ls -A mine)" file
refuses 'another index' 'holds an index already' --convert native -o xapian
refuses 'itself' 'holds an index already' --convert native -o native
refuses 'what is no index' 'there is no index' --convert mine -o new
refuses 'an engine that is not' 'no engine "lucene"' --convert native --engine lucene -o new
refuses 'inputs beside it' 'no other inputs' --convert native -o new all.jsonl
refuses 'no name for the new one' '--convert INDEX -o NEW' --convert native
refuses 'another stemmer' 'do not go with --convert' --convert native --stemmer none -o new
cp -r native foreign
sed 's|"analysis": *"[^"]*"|"analysis": "zz9/other"|' native/fihris.json >foreign/fihris.json
refuses 'an analysis that is not here' 'analysis zz9/other, which this program has not' --convert foreign -o new
not_ok 'none of them leaves a new index' [ -e new ]

# A stemmer that is not the default goes with the index.
head -50 all.jsonl | "$INDEX" -q --engine xapian --stemmer none -o plain -
"$INDEX" -q --convert plain --engine native -o plain.native
is 'the stemmer stays' "$("$INDEX" --stats plain.native | grep -o '"analysis":"[^"]*"')" \
    "$("$INDEX" --stats plain | grep -o '"analysis":"[^"]*"')"

# ---- An empty one ----

head -1 all.jsonl | "$INDEX" -q --engine xapian -o none -
"$INDEX" -q --remove 1 none
ok 'an index without articles' "$INDEX" -q --convert none --engine native -o none.native
like 'has none then' "$("$INDEX" --stats none.native)" '"articles":0'

# ---- Damage, and the end of the disk ----

cp -r native cut
segment=$(find cut -name '*.seg' | head -1)
size=$(stat -c %s "$segment")
truncate -s $((size - 100)) "$segment"
code 'a damaged index' 2 "$INDEX" -q --convert cut --engine xapian -o new
for engine in xapian native; do
    code "a full disk under $engine" 2 sh -c "ulimit -f 64 && exec '$INDEX' -q --convert native --engine $engine -o new"
done
not_ok 'leaves no new index' [ -e new ]
mkdir empty
code 'nor in a folder that was there' 2 sh -c "ulimit -f 64 && exec '$INDEX' -q --convert native --engine xapian -o empty"
is 'which is empty again' "$(ls -A empty)" ''
ok 'and takes the index on the next try' "$INDEX" -q --convert native --engine xapian -o empty

# ---- Stopped, and killed ----

# More than is converted in the time that a signal takes.
for i in 1 2 3 4 5; do sed "s/\"id\":\"/&$i./" all.jsonl; done >large.jsonl
"$INDEX" -q --engine native -o large large.jsonl

# stop SIGNAL: send it as soon as the new folder is there.
stop() {
    "$INDEX" -q --json --jobs 1 --convert large --engine xapian -o stopped >stop.out 2>stop.err &
    converting=$!
    while [ ! -e stopped/fihris.json ] && kill -0 $converting 2>/dev/null; do sleep .01; done
    kill "-$1" $converting
    wait $converting 2>/dev/null
    stop_status=$?
}
stop INT
is 'a signal stops it' $stop_status 2
like 'it says so' "$(cat stop.err)" 'stopped after [0-9]+ articles?: there is no new index'
like 'in the summary too' "$(cat stop.out)" '"articles":0,.*"stopped":true'
unlike 'nothing was acknowledged' "$(cat stop.out)" committed
not_ok 'there is no new index' [ -e stopped ]
stop KILL
is 'a kill ends it' $stop_status 137
code 'what is left is no index' 2 "$SEARCH" stopped 'طريق'
ok 'the same command again makes it' "$INDEX" -q --convert large --engine xapian -o stopped
is 'whole' "$(facts stopped)" "$(facts large)"

done_testing
