#!/bin/sh
# No globals, no stray names: tests/symbols.sh looks at the objects and the library below $BUILD (build)
# and prints TAP.

set -u
. "$(dirname "$0")/hold.sh"
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
header=searcher/fihris.h

objects=$(find "$BUILD"/obj/* -path '*/tests/*' -prune -o -name '*.o' -print | sort)

# Symbols in sections that can be written while the program runs. Tables of constants with pointers in
# them stand in .data.rel.ro, which is closed once they are relocated. DW.ref.* are the compiler's own
# references to the types of C++ exceptions. A program's `stop_asked` is the one thing that a signal
# handler can set.
writable() {
    for object in $objects; do
        objdump -t "$object" | awk -v object="$object" '
            / \.(data|bss|tdata|tbss)|\*COM\*/ && !/ \.data\.rel\.ro/ && $NF !~ /^(\.|DW\.ref\.)/ &&
                !(object ~ /_main\.o$/ && $NF == "stop_asked") { print object ": " $NF }'
    done
}

# External names of OBJECT that do not begin with a prefix of ours.
strays() {
    nm -g --defined-only "$1" | awk -v object="$1" -v skip="$2" '
        NF == 3 && $3 !~ /^fhx?_/ && !(skip && $3 ~ skip) { print object ": " $3 }'
}

# What C++ makes on the way, weak (W, V) and never seen outside of the library, is mangled: _Z...
foreign_names() {
    for object in $objects; do
        case $object in
        *_main.o) strays "$object" '^main$' ;;
        */engines/xapian/xapian_shim.o) strays "$object" '^(_Z|DW\.ref\.)' ;;
        *) strays "$object" '' ;;
        esac
    done
}

declared() {
    grep -v '^#' "$header" | tr '\n' ' ' | grep -oE 'FH_API[^;(]*\(' | sed 's/($//; s/.*[ *]//' | sort
}

exported() {
    nm -D --defined-only "$BUILD/lib/libfihris.so" | awk '{ print $3 }' | sort
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
declared >"$scratch/declared"
exported >"$scratch/exported"

hold 'there are objects' "$([ -n "$objects" ] || echo "none below $BUILD/obj")"
hold 'nothing of ours is a writable global' "$(writable)"
hold 'external names begin with fh_ or fhx_' "$(foreign_names)"
hold 'the public header declares something' "$([ -s "$scratch/declared" ] || echo "$header")"
hold 'the library exports what its header declares' "$(diff "$scratch/declared" "$scratch/exported")"

held
