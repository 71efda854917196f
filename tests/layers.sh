#!/bin/sh
# The layers hold: tests/layers.sh [FOLDER] reads the sources of the checkout, or of FOLDER, and prints TAP.
#
#     L4 programs    *_main.c
#     L3 work        indexer/            searcher/       (never see each other)
#     L2 meaning     stemmers/           engines/        (never see each other)
#     L1 floor       base/

set -u
. "$(dirname "$0")/hold.sh"
cd "${1:-$(dirname "$0")/..}" || exit 1

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'

# foreign FOLDER ALLOWED: its includes of the project that match none of ALLOWED (grep -E).
foreign() {
    grep -rnE "$include\"" "$1" | grep -vE "include[[:space:]]*\"($2)"
}

# uses PATTERN FILE...: lines that match (grep -E) and are not all comment.
uses() {
    pattern=$1
    shift
    grep -nE "$pattern" "$@" /dev/null | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)'
}

# call NAMES: a pattern for calls of these functions (a|b|c).
call() {
    echo "(^|[^[:alnum:]_])($1)[[:space:]]*\\("
}

sources=$(find base stemmers engines indexer searcher -name '*.[ch]' -o -name '*.cc' | sort)
modules=$(echo "$sources" | grep -v '_main\.c$')
border='engines/[a-z]+\.h"'

hold 'there are sources' "$([ -n "$sources" ] || echo "none in $PWD")"
hold 'base/ sees only itself' "$(foreign base 'base/')"
hold 'stemmers/ sees base/, never engines/' "$(foreign stemmers 'base/|stemmers/')"
hold 'engines/ sees base/, never stemmers/' "$(foreign engines 'base/|engines/')"
hold 'indexer/ sees base/, stemmers/, engines/*.h, never searcher/' \
    "$(foreign indexer "base/|stemmers/|$border|indexer/")"
hold 'searcher/ sees base/, stemmers/, engines/*.h, never indexer/' \
    "$(foreign searcher "base/|stemmers/|$border|searcher/")"

hold 'an engine is seen by itself only' "$(
    for engine in engines/*/; do
        uses "$include\"$engine" $(echo "$sources" | grep -v "^$engine")
    done
)"
hold 'only engines/xapian/ knows Xapian' \
    "$(uses "$include[<\"]xapian|Xapian::" $(echo "$sources" | grep -v '^engines/xapian/'))"
hold 'C++ stands in the shim only' \
    "$(echo "$sources" | grep '\.cc$' | grep -v '^engines/xapian/xapian_shim\.cc$')"

hold 'only programs exit and read the environment' \
    "$(uses "$(call 'exit|_exit|quick_exit|abort|getenv|secure_getenv|setenv|putenv')" $modules)"
hold 'only programs print' \
    "$(uses "$(call 'printf|vprintf|puts|putchar|perror')|[^[:alnum:]_](stdout|stderr)[^[:alnum:]_]|std::c(out|err|log)" $modules)"

# A source and its header share a name; nothing else does.
hold 'file names are unique' "$(
    find $(ls -d base stemmers engines indexer searcher tests 2>/dev/null) -name '*.[ch]' -o -name '*.cc' -o -name '*.sh' |
        sed 's:.*/::; s/\.cc$/.c/' | sort | uniq -d
)"

held
