#!/bin/sh
# The sample corpus and what corpus/README.md says of it: each query in its tables finds the article
# named on the row, and those of the table of foldings find it by folding alone.
. "$(dirname "$0")/lib.sh"
LC_ALL=C.UTF-8
export LC_ALL
cd "$ROOT" || exit 1
SAMPLE=corpus/sample
tab=$(printf '\t')

# ---- What is there ----

find "$SAMPLE" -name '*.jsonl' -exec cat {} + >"$TMP/lines"
find "$SAMPLE" -name '*.txt' >"$TMP/pages"
count=$(cat "$TMP/lines" "$TMP/pages" | grep -c .)
ok 'the sample has 40 articles or more' [ "$count" -ge 40 ]
ok 'the README says how many' grep -q "^$count articles" corpus/README.md

{
    sed -n 's/^{"id": "\([^"]*\)".*/\1/p' "$TMP/lines"
    sed -n '/^{"id"/!s/.*"url": "\([^"]*\)".*/\1/p' "$TMP/lines"
    while read -r page; do
        head -n 1 "$page" | grep '^https*://' || echo "$page"
    done <"$TMP/pages"
} >"$TMP/ids"
is 'every article has an id' "$(grep -c . "$TMP/ids")" "$count"
is 'no id is there twice' "$(sort "$TMP/ids" | uniq -d)" ''

# ---- Indexed ----

ok 'the sample is indexed without a refusal' \
    "$BIN/fihris-index" -q -o "$TMP/index" "$SAMPLE"
like 'every article is in the index' "$("$BIN/fihris-index" --stats "$TMP/index")" \
    "\"articles\": *$count[,}]"

mkdir "$TMP/packed"
find "$SAMPLE" -name '*.jsonl' | while read -r file; do
    gzip -c "$file" >"$TMP/packed/$(basename "$file").gz"
done
"$BIN/fihris-index" -q -o "$TMP/packed.index" "$TMP/packed"
like 'and the JSON Lines likewise when they are compressed' \
    "$("$BIN/fihris-index" --stats "$TMP/packed.index")" \
    "\"articles\": *$(grep -c . "$TMP/lines")[,}]"

# ---- The tables of the README ----

# rows HEADING: the rows below it, as what TAB file TAB article TAB query.
rows() {
    sed -n "/^### $1\$/,/^##* [^$(printf %.1s "$1")]/p" corpus/README.md | grep '^| .*`.*`' |
        sed 's/^| *//; s/ *|$//; s/ *| */\t/g; s/`//g'
}

# raw FILE ID: the article as it stands in its file.
raw() {
    case $1 in
    *.jsonl) grep -F "\"id\": \"$2\"" "$SAMPLE/$1" || grep -F "\"url\": \"$2\"" "$SAMPLE/$1" ;;
    *) cat "$SAMPLE/$1" ;;
    esac
}

# stands_there FILE ID: is this article in that file?
stands_there() {
    case $1,$2 in
    *.txt,http*) [ "$(head -n 1 "$SAMPLE/$1")" = "$2" ] ;;
    *.txt,*) [ -f "$2" ] && ! head -n 1 "$2" | grep -q '^https*://' ;;
    *) raw "$1" "$2" | grep -q . ;;
    esac
}

# finds QUERY ID
finds() {
    "$BIN/fihris-search" -n 1000 --format tsv "$TMP/index" "$1" | cut -f 3 | grep -Fxq -e "$2"
}

# as_typed QUERY FILE ID: do the query's words stand in the article as they are typed?
as_typed() {
    raw "$2" "$3" | grep -Fwq -e "$(printf %s "$1" | sed 's/^[="]//; s/"$//')"
}

# hold ROWS: each row to the truth.
hold() {
    sed "s/$tab$tab/$tab-$tab/" "$1" >"$1.filled"
    while IFS=$tab read -r what file article query <&3; do
        [ "$article" = - ] && article=$SAMPLE/$file
        ok "$what: the article is in $file" stands_there "$file" "$article"
        ok "$what: $query finds it" finds "$query" "$article"
        [ "$1" = "$TMP/foldings" ] &&
            not_ok "$what: $query is spelled otherwise there" as_typed "$query" "$file" "$article"
    done 3<"$1.filled"
}

rows Folding >"$TMP/foldings"
rows 'Other difficulties' >"$TMP/others"
ok 'the README shows the foldings' [ "$(grep -c . "$TMP/foldings")" -ge 40 ]
ok 'the README shows the other difficulties' [ "$(grep -c . "$TMP/others")" -ge 40 ]
hold "$TMP/foldings"
hold "$TMP/others"
not_ok 'what nobody wrote is not found' finds '=كلمةلميكتبهاأحد' "$SAMPLE/poem-harbour.txt"

# ---- The judged queries ----

EVAL=tests/eval/sample
is 'every judged article is in the sample' \
    "$(cut -d ' ' -f 3 $EVAL/qrels.txt | grep -Fvx -f "$TMP/ids")" ''
is 'every query is judged, and every judgement has its query' \
    "$(cut -d ' ' -f 1 $EVAL/qrels.txt | sort -u)" "$(cut -f 1 $EVAL/queries.tsv | sort)"

# ---- Where it comes from ----

# Sentences of thirty letters or more, one a line.
sentences() {
    sed 's/[.!؟:"«»“”]/\n/g' "$@" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//' | grep -E '.{30}'
}

none='no sentence of the seeds stands in the sample'
if [ -d "$SHARED/seeds" ]; then
    sentences "$SHARED"/seeds/*.txt >"$TMP/sentences"
    ok 'the seeds have sentences' grep -Fq -f "$TMP/sentences" "$SHARED/seeds/"*.txt
    is "$none" "$(grep -rhoF -f "$TMP/sentences" "$SAMPLE")" ''
else
    skip "$none" '../shared is not there'
fi

done_testing
