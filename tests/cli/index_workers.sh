#!/bin/sh
# The number of workers, the memory and the way there change no answer.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
SEARCH="$BIN/fihris-search"
cd "$TMP" || exit 1

# Articles that fill several loads; every seventh id comes a second time, changed, and is refused.
awk 'BEGIN {
    count = split("وزارة الخارجية الروسية اتصالات متواصلة نشط مدينة كتاب مدرسة قطار ميناء سفينة طريق", w, " ")
    srand(7)
    for (i = 1; i <= 6000; i++) {
        text = ""
        for (j = 0; j < 60; j++)
            text = text " " w[int(rand() * rand() * count) + 1]
        printf "{\"id\":\"%d\",\"title\":\"%s %d\",\"body\":\"%s\",\"date\":\"%d\"}\n", i, w[i % count + 1],
            i % 50, text, 1900 + i % 100
        if (i % 7 == 0)
            printf "{\"id\":\"%d\",\"body\":\"غيره\"}\n", i
    }
}' >all.jsonl
head -n 3000 all.jsonl >half.jsonl

# build INDEX OPTION...
build() {
    index=$1
    shift
    "$INDEX" -q "$@" --refused "$index.refused" -o "$index" all.jsonl 2>"$index.err"
    # How an index lies on the disk may differ: what is in it may not.
    "$INDEX" --stats "$index" | jq -c 'del(.generation, .index_bytes, .terms, .parts)' >"$index.stats"
}

# answers INDEX: what a search of it says, but for the time it took.
answers() {
    for query in وزارة 'الخارجية الروسية' '"كتاب مدرسة"' '+قطار -ميناء' 'سفينة طريق 17'; do
        for sort in relevance date; do
            "$SEARCH" --format json -n 200 --sort "$sort" "$1" "$query"
        done
    done | sed 's/"took_us":[0-9]*,//g'
}

build one --jobs 1
build three --jobs 3 --memory 16M
"$INDEX" -q -o steps half.jsonl 2>steps.err
build steps --jobs 2 --memory 16M

like 'the index holds the articles' "$(cat one.stats)" '"articles":6000,'
is 'three workers make the same index' "$(cat three.stats)" "$(cat one.stats)"
is 'two runs too' "$(cat steps.stats)" "$(cat one.stats)"
is 'one worker refuses what is refused' "$(grep -c 'another article under the id' one.refused)" 857
ok 'three refuse the same, in the same order' cmp one.refused three.refused
is 'and say the same' "$(cat three.err)" "$(cat one.err)"
if [ -x "$SEARCH" ]; then
    answers one >one.answers
    answers three >three.answers
    answers steps >steps.answers
    ok 'the queries find something' grep -q '"rank":200' one.answers
    ok 'three workers give the same answers' cmp one.answers three.answers
    ok 'two runs too' cmp one.answers steps.answers
else
    skip 'the same answers' 'fihris-search is not built'
fi
code 'all of them are sound' 0 sh -c "'$INDEX' --check one && '$INDEX' --check three && '$INDEX' --check steps"

done_testing
