#!/bin/sh
# What is installed can be used: a program against the library, as fihris.h shows it, and the manuals.
. "$(dirname "$0")/lib.sh"

BUILD=$(cd "$BIN/.." && pwd)
prefix=$TMP/usr
if [ ! -e "$BUILD/lib/libfihris.so" ]; then
    skip 'library' 'it is not built'
    done_testing
fi

make_it() {
    make --no-print-directory -s -C "$ROOT" B="$BUILD" PREFIX="$prefix" "$@"
}

ok 'make install' make_it install
for program in fihris-index fihris-search fihris-stem; do
    ok "$program is installed" "$prefix/bin/$program" --version
done
for page in "$ROOT"/man/*.[1-9]; do
    ok "$(basename "$page") is installed" cmp "$page" "$prefix/share/man/man${page##*.}/$(basename "$page")"
done

# The program that the README shows: INDEX QUERY, an id a line.
awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$ROOT/README.md" >"$TMP/find.c"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
# shellcheck disable=SC2046
ok 'a program compiles against the library' \
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$TMP/find" "$TMP/find.c" $(pkg-config --cflags --libs fihris)
ok 'and against the archive' \
    c++ -o "$TMP/find-static" -xc "$TMP/find.c" -xnone $(pkg-config --cflags fihris) "$prefix/lib/libfihris.a" \
    $(pkg-config --static --libs fihris | sed 's/-lfihris//')

ok 'an index to search' "$prefix/bin/fihris-index" -q -o "$TMP/index" "$ROOT/corpus/sample"
want=$("$BIN/fihris-search" --format tsv "$TMP/index" الوزارة | cut -f 3)
like 'there is something to find' "$want" .
is 'the program finds it' "$(LD_LIBRARY_PATH=$prefix/lib "$TMP/find" "$TMP/index" الوزارة)" "$want"
is 'the static program, too' "$("$TMP/find-static" "$TMP/index" الوزارة)" "$want"
code 'errors arrive' 2 env LD_LIBRARY_PATH="$prefix/lib" "$TMP/find" "$TMP/nothing" الوزارة

ok 'make uninstall' make_it uninstall
is 'nothing is left' "$(find "$prefix" -type f -o -type l)" ''

done_testing
