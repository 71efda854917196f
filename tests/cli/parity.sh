#!/bin/sh
# What one engine finds, the other finds: the same articles by the programs, in each of them, asked the same.
. "$(dirname "$0")/lib.sh"
INDEX="$BIN/fihris-index"
SEARCH="$BIN/fihris-search"
cd "$TMP" || exit 1

# Queries of all kinds, as `options | query`; all results are compared, as sets. A wildcard of more than 100 words
# stands for the most frequent ones, which an engine may count with the dead: there is none here.
cat >queries <<'END'
| الوزارة
| القطار السريع
| مدينة كتاب مدرسة صحيفة
| من في على إلى
| 13.72 شمالا
| GPS iPhone
| nosuchword
| -nosuchword
| "رخص البناء"
| "مئة عام"
| "لا شيء من هذا هنا"
| +"عشر سنوات"
| title:"رخص البناء"
| title:البلديات
| "المدن رخص البناء"~4
| "كتاب مدينة"~50
| =القطار
| +الوزارة -القطار
| (قطار OR عبارة) -مسقط
| مدينة AND كتاب
| مدينة NOT كتاب
| (مدينة OR قرية) AND (كتاب OR مدرسة)
| بلدي*
| المد*
| مكت* -القطار
| date:2026-01..2026-02
| date:2015
| source:"مجلة سنابل" كتاب
| source:"جريده الضفاف" date:٢٠٢٦
| (قطار
--all | رخص البناء
--all | قال الوزير في مؤتمر
--plain | في البيت
--from 2026-01-10 --to 2026-06 | مدينة
--to 2015-06 | رئيس
--source jarida.example | كتاب
--sort date | مدينة
--sort date-asc | قال كان
--sort date | -nosuchword
END

# ask SIDE OPTIONS QUERY: from SIDE.index into SIDE.ids all results in their order, into SIDE.dates their dates,
# into SIDE.found the set of them and the total, into SIDE.said what was remarked. The options are words.
ask() {
    # shellcheck disable=SC2086
    "$SEARCH" --format tsv -n 100000 $2 "$1.index" "$3" 2>"$1.said" >"$1.tsv"
    cut -f 3 "$1.tsv" >"$1.ids"
    cut -f 4 "$1.tsv" >"$1.dates"
    sort "$1.ids" >"$1.found"
    # shellcheck disable=SC2086
    "$SEARCH" --format json -n 0 $2 "$1.index" "$3" 2>/dev/null | jq -c .total >>"$1.found"
}

# Hold both indexes to each other on all queries: a line for each that differs. Into `overlap` goes, for each that
# is ranked, how many of the first ten are the same, and how many there are.
compare() {
    : >overlap
    while IFS='|' read -r options query; do
        query=${query# }
        ask a "$options" "$query"
        ask b "$options" "$query"
        if ! cmp -s a.found b.found; then
            echo "$options| $query: $first finds $(wc -l <a.ids), $second $(wc -l <b.ids)"
            diff a.found b.found | head -n 5
        fi
        [ -n "$updated" ] || cmp -s a.said b.said || echo "$options| $query: $(cat a.said) | $(cat b.said)"
        case $options in
        *--sort*) cmp -s a.dates b.dates || echo "$options| $query: another order of dates" ;;
        *)
            head -n 10 a.ids | sort >ten.a
            head -n 10 b.ids | sort >ten.b
            echo "$(comm -12 ten.a ten.b | wc -l) $(wc -l <ten.a)" >>overlap
            ;;
        esac
    done <queries
}

tell_overlap() {
    awk '{ same += $1; all += $2 } END { printf "# %d of %d in the first ten are the same\n", same, all }' overlap
}

# both NAME INPUT: index the input in both engines and compare.
both() {
    rm -rf a.index b.index
    updated=
    ok "$1: $first takes it" "$INDEX" -q --engine "$first" -o a.index "$2"
    ok "$1: $second takes it" "$INDEX" -q --engine "$second" -o b.index "$2"
    is "$1: the same is found" "$(compare)" ''
    tell_overlap
}

# The engines of this build, the first two of them.
"$(dirname "$BIN")/bench/bench_search" --engines >engines
first=$(sed -n 1p engines)
second=$(sed -n 2p engines)

if [ -z "$second" ]; then
    skip 'parity' 'there is one engine'
    done_testing
fi

both 'the sample articles' "$ROOT/corpus/sample"

# An update and a removal leave the same behind in both; but how many articles hold a word, which is told when
# nothing is found, an engine may count with the dead.
updated=yes
printf '{"id":"snb-140","title":"عنوان جديد","body":"نص جديد عن القطار السريع"}\n' >change.jsonl
for index in a.index b.index; do
    ok "$index: an article is changed" "$INDEX" -q -o $index change.jsonl
    gone=$("$SEARCH" --format jsonl -n 1 --sort date $index -- '-nosuchword' 2>/dev/null | jq -r .id)
    ok "$index: another one is removed" "$INDEX" -q --remove "$gone" $index
done
is 'after an update and a removal: the same is found' "$(compare)" ''

if [ -n "$SHARED" ]; then
    zcat "$SHARED/corpora/news.jsonl.gz" | head -n 3000 >news.jsonl
    both '3,000 articles of news' news.jsonl
else
    skip '3,000 articles of news' 'there is no ../shared'
fi

done_testing
