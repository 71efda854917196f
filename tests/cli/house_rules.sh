#!/bin/sh
# The tests of the house are tested: each must see what it is there for.
. "$(dirname "$0")/lib.sh"

# ---- tests/layers.sh sees a planted violation ----

tree=$TMP/tree
mkdir "$tree"
(cd "$ROOT" && cp -r base stemmers engines indexer searcher "$tree") || exit 1

# planted RULE FILE TEXT: with TEXT at the end of FILE, just that rule fails.
planted() {
    mkdir -p "$(dirname "$tree/$2")"
    cp "$tree/$2" "$TMP/before" 2>/dev/null || : >"$TMP/before"
    printf '%s\n' "$3" >>"$tree/$2"
    found=$(sh "$ROOT/tests/layers.sh" "$tree" | sed -n 's/^not ok [0-9]* - //p')
    is "layers: $2: $3" "$found" "$1"
    cp "$TMP/before" "$tree/$2"
    [ -s "$tree/$2" ] || rm "$tree/$2"
}

ok 'layers: nothing planted, nothing found' sh "$ROOT/tests/layers.sh" "$tree"
planted 'base/ sees only itself' base/utf8.c '#include "stemmers/fold.h"'
planted 'base/ sees only itself' base/utf8.c '  #  include "buffer.h"'
planted 'stemmers/ sees base/, never engines/' stemmers/fold.c '#include "engines/expr.h"'
planted 'engines/ sees base/, never stemmers/' engines/expr.c '#include "stemmers/fold.h"'
planted 'indexer/ sees base/, stemmers/, engines/*.h, never searcher/' indexer/format.c '#include "searcher/fihris.h"'
planted 'searcher/ sees base/, stemmers/, engines/*.h, never indexer/' searcher/query.c '#include "indexer/format.h"'
planted 'an engine is seen by itself only' engines/expr.c '#include "engines/xapian/xapian_shim.h"'
planted 'only engines/xapian/ knows Xapian' engines/expr.c '#include <xapian.h>'
planted 'C++ stands in the shim only' engines/xapian/more.cc 'int more;'
planted 'only programs exit and read the environment' base/utf8.c 'void f(void) { exit(1); }'
planted 'only programs exit and read the environment' searcher/query.c 'char *f(void) { return getenv("HOME"); }'
planted 'only programs print' base/utf8.c 'void f(void) { printf("x"); }'
planted 'only programs print' searcher/query.c 'void f(void) { fputs("x", stderr); }'
planted 'file names are unique' indexer/utf8.c 'int more;'
planted '' base/utf8.c '/* printf() and exit() may be spoken of. */'
planted '' indexer/planted_main.c 'int main(void) { printf("x"); exit(0); }'

# ---- tests/symbols.sh sees a planted symbol ----

build=$TMP/build
mkdir -p "$build/obj/base" "$build/lib"
cp "${BUILD:-$ROOT/build}/lib/libfihris.so" "$build/lib" 2>/dev/null

# symbol RULE SOURCE: with an object of SOURCE, just that rule fails.
symbol() {
    printf '%s\n' "$2" >"$TMP/planted.c"
    cc -O0 -fPIC -c -o "$build/obj/base/planted.o" "$TMP/planted.c" || exit 1
    found=$(BUILD=$build sh "$ROOT/tests/symbols.sh" | sed -n 's/^not ok [0-9]* - //p')
    is "symbols: $2" "$found" "$1"
}

if [ -e "$build/lib/libfihris.so" ]; then
    symbol '' 'int fh_good(void) { return 0; } static const char *const table[] = {"a"}; const void *fh_t(void) { return table; }'
    symbol 'nothing of ours is a writable global' 'int fh_global = 1;'
    symbol 'nothing of ours is a writable global' 'int fh_common;'
    symbol 'nothing of ours is a writable global' 'static int hidden; int *fh_f(void) { return &hidden; }'
    symbol 'nothing of ours is a writable global' 'int fh_f(void) { static int calls = 5; return ++calls; }'
    symbol 'nothing of ours is a writable global' 'static __thread int own; int *fh_f(void) { return &own; }'
    symbol 'nothing of ours is a writable global' 'static volatile int stop_asked; int fh_f(void) { return stop_asked; }'
    symbol 'external names begin with fh_ or fhx_' 'int stray(void) { return 0; }'
    printf 'int fh_extra(void) { return 0; }\n' >"$TMP/planted.c"
    rm "$build/obj/base/planted.o"
    cc -c -fPIC -o "$build/obj/base/good.o" "$TMP/planted.c"
    cc -shared -o "$build/lib/libfihris.so" "$build/obj/base/good.o"
    found=$(BUILD=$build sh "$ROOT/tests/symbols.sh" | sed -n 's/^not ok [0-9]* - //p')
    is 'symbols: another library' "$found" 'the library exports what its header declares'
else
    skip 'symbols' 'the library is not built'
fi

# ---- tests/run counts what is wrong ----

# counted NAME STATUS LAST SCRIPT: a test of that content gives this exit status and this last line.
counted() {
    printf '%s\n' "$4" >"$TMP/script.sh"
    output=$(FIHRIS_TEST_SECONDS=2 sh "$ROOT/tests/run" "$TMP/runs" "$TMP/script.sh")
    is "run: $1" "$? $(printf '%s\n' "$output" | tail -n 1)" "$2 $3"
}

counted 'all pass' 0 '2 passed, 0 failed' 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
counted 'one fails' 1 '1 passed, 1 failed' 'echo 1..2; echo "ok 1 - a"; echo "not ok 2 - b"; exit 1'
counted 'skipped is neither' 0 '1 passed, 0 failed, 1 skipped' 'echo "ok 1 - a"; echo "ok 2 - b # SKIP no"; echo 1..2'
counted 'cmocka skips' 0 '1 passed, 0 failed, 1 skipped' 'echo 1..2; echo "ok 1 - a"; echo "not ok 2 # SKIP b"'
counted 'a reason is no test' 0 '1 passed, 0 failed, 1 skipped' 'echo 1..2; echo "ok 1 - a"; echo "skipped: no disk"; echo "not ok 2 # SKIP b"'
like 'run: gives the reason' "$output" 'not ok 2 # SKIP b \(no disk\)'
counted 'dies before its plan' 1 '1 passed, 1 failed' 'echo "ok 1 - a"; kill -SEGV $$'
counted 'dies within its plan' 1 '1 passed, 1 failed' 'echo 1..2; echo "ok 1 - a"; exit 0'
counted 'dies behind its plan' 1 '1 passed, 1 failed' 'echo 1..1; echo "ok 1 - a"; exit 1'
counted 'has no test' 1 '0 passed, 1 failed' 'echo 1..0'
counted 'says nothing' 1 '0 passed, 1 failed' ':'
counted 'never ends' 1 '1 passed, 1 failed' 'echo "ok 1 - a"; sleep 60'
mkdir "$TMP/none"
code 'run: no test at all' 1 sh "$ROOT/tests/run" "$TMP/runs" "$TMP/none"
code 'run: a test that is not there' 1 sh "$ROOT/tests/run" "$TMP/runs" "$TMP/none/missing.sh"

# ---- tests/cli/lib.sh passes and fails where it should ----

mkdir "$TMP/cli"
cp "$ROOT/tests/cli/lib.sh" "$TMP/cli"

# verdict WANT LINE: a test of just that line passes, fails or is skipped.
verdict() {
    printf '. "$(dirname "$0")/lib.sh"\n%s\ndone_testing\n' "$2" >"$TMP/cli/verdict.sh"
    output=$(sh "$TMP/cli/verdict.sh" 2>&1)
    got="$? $(printf '%s\n' "$output" | grep -v '^#')"
    case $1 in
    pass) is "lib.sh passes: $2" "$got" '0 ok 1 - n
1..1' ;;
    fail) is "lib.sh fails: $2" "$got" '1 not ok 1 - n
1..1' ;;
    skip) is "lib.sh skips: $2" "$got" '0 ok 1 - n # SKIP why
1..1' ;;
    esac
}

verdict pass 'ok n true'
verdict fail 'ok n false'
verdict fail 'ok n no_such_command'
verdict pass 'not_ok n false'
verdict fail 'not_ok n true'
verdict fail 'not_ok n no_such_command'
verdict fail 'not_ok n sh -c "kill -SEGV \$\$"'
verdict pass 'code n 3 sh -c "exit 3"'
verdict fail 'code n 3 sh -c "exit 2"'
verdict pass 'is n "a  b" "a  b"'
verdict fail 'is n "a  b" "a b"'
verdict pass 'like n "$(printf "one\\ntwo")" "^t.o$"'
verdict fail 'like n "one" "two"'
verdict fail 'like n "one" "("'
verdict pass 'unlike n "one" "two"'
verdict fail 'unlike n "$(printf "one\\ntwo")" "^two"'
verdict fail 'unlike n "one" "("'
verdict skip 'skip n why'

# ---- setup.sh says what is missing before it does anything ----

# Commands in the place of Debian's, that know no package and no root.
fake=$TMP/fake
mkdir "$fake"
printf '#!/bin/sh\nexit 1\n' >"$fake/dpkg-query"
printf '#!/bin/sh\necho 1000\n' >"$fake/id"
printf '#!/bin/sh\nexit 1\n' >"$fake/sudo"
printf '#!/bin/sh\necho "apt-get $*" >>"%s"\n' "$TMP/apt" >"$fake/apt-get"
chmod +x "$fake"/*
setup() {
    PATH="$fake:$PATH" sh "$ROOT/setup.sh" "$@" </dev/null
}

code 'setup: neither root nor sudo' 2 setup build
like 'setup: names what is missing' "$(setup build 2>&1)" '^missing packages: gcc g\+\+ .*libxapian-dev'
like 'setup: gives the command' "$(setup build 2>&1)" '^ +apt-get update && apt-get install .* gcc '
unlike 'setup: building needs no test packages' "$(setup build 2>&1)" cmocka
like 'setup: testing does' "$(setup build test 2>&1)" cmocka
not_ok 'setup: and installs nothing' test -e "$TMP/apt"
printf '#!/bin/sh\necho 0\n' >"$fake/id"
ok 'setup: as root' setup build
like 'setup: installs' "$(cat "$TMP/apt")" '^apt-get install .*libxapian-dev'
rm "$TMP/apt"
printf '#!/bin/sh\nprintf "install ok installed"\n' >"$fake/dpkg-query"
is 'setup: says nothing when nothing is missing' "$(setup build test 2>&1)" ''
not_ok 'setup: and asks no server' test -e "$TMP/apt"
code 'setup: an unknown section' 2 setup nonsense

done_testing
