#!/bin/sh
# The form of sources, manual pages and scripts. Prints what is wrong; the last line counts the checks.

set -u
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0

# check NAME COMMAND...
check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s:\n%s\n' "$name" "$output"
    fi
}

sources=$(find base stemmers engines indexer searcher tests -name '*.[ch]' -o -name '*.cc')
scripts=$(find setup.sh .ci tests -name '*.sh' -o -path .ci/run -o -path tests/run)

# Each file once, with the first line that is not as clang-format has it.
format_lint() {
    clang-format --dry-run "$@" 2>&1 | awk -F: '/code should be clang-formatted/ && !seen[$1]++ { print $1 ":" $2 }' |
        grep . && return 1
    return 0
}

# mandoc succeeds even when it has something to say.
mandoc_lint() {
    mandoc -Tlint -W warning "$@" | grep . && return 1
    return 0
}

check 'not as clang-format has it (make format)' format_lint $sources
check 'a build without warnings' make -s B="${BUILD:-build}/strict" CFLAGS='-O2 -Werror' CXXFLAGS='-O2 -Werror' \
    all units benches
for script in $scripts; do
    check "$script" sh -n "$script"
done
for page in $(find man -name '*.[1-9]'); do
    check "$page" mandoc_lint "$page"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
