#!/bin/sh
# A corpus with planted faults: just those are reported, each with its place and reason; every good article is
# found; memory and time stay within bounds. tests/plant.py says what is planted.
. "$(dirname "$0")/lib.sh"
cd "$TMP" || exit 1

# Five seconds are enough on a machine that has nothing else to do.
SECONDS_MAX=120
MEGABYTES_MAX=512

if ! command -v python3 >/dev/null; then
    skip 'the planted corpus' 'there is no python3'
    done_testing
    exit
fi

# The sanitizers keep much more memory than the program does.
megabytes=$MEGABYTES_MAX
if ldd "$BIN/fihris-index" | grep -q libasan; then
    megabytes=0
    skip 'memory is bounded' 'sanitizers take memory of their own'
fi

ok 'the corpus is written' python3 "$ROOT/tests/plant.py" write .
said=$(python3 -c 'import sys; print(len({l.split("\t")[0] for l in open("expected.tsv")}), sum(1 for l in open("expected.tsv")))')
ok "kinds are many: ${said% *}" [ "${said% *}" -ge 25 ]
ok "so are faults: ${said#* }" [ "${said#* }" -ge 60 ]
ok 'so are the files' [ "$(find corpus -type f | wc -l)" -ge 200 ]

# Root may read everything, so that what nobody may read could not be tested.
cp "$BIN/fihris-index" index && chmod 755 index "$TMP"
if [ "$(id -u)" -ne 0 ]; then
    as_user=
elif command -v setpriv >/dev/null; then
    as_user='setpriv --reuid 65534 --regid 65534 --clear-groups'
    chown -R 65534:65534 .
else
    as_user=
    skip 'files without permission are refused' 'there is no setpriv to leave root with'
    sed -i '/^no permission/d' expected.tsv
fi

# It runs where there is no pdftotext, as on a machine that has none. $as_user is words.
# shellcheck disable=SC2086
python3 "$ROOT/tests/plant.py" run "$SECONDS_MAX" "$megabytes" \
    $as_user "$PWD/index" --refused refused.jsonl -o i.index corpus >out 2>said
is 'the run says that some was refused' $? 1
is 'and ends within its bounds' "$(grep -E 'not done after|MB, more than' said)" ''
ok 'just the planted faults are reported' python3 "$ROOT/tests/plant.py" check . said
is '--refused has them all' "$(wc -l <refused.jsonl)" "$(cut -f 3 expected.tsv | grep -c refused)"
"$BIN/fihris-search" --batch queries.tsv --format trec -n 5 i.index >run.trec
ok 'every good article is found, and it alone' python3 "$ROOT/tests/plant.py" found . run.trec
ok 'the index is sound' "$BIN/fihris-index" --check i.index

# What is not there is seen to be missed.
sed 's/^empty file\tbad.empty.txt\t/empty file\tbad\/other.txt\t/' expected.tsv >other && mv other expected.tsv
not_ok 'another fault would be missed' python3 "$ROOT/tests/plant.py" check . said

chmod -R u+rwx corpus 2>/dev/null
done_testing
