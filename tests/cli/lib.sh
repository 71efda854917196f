# What every end-to-end test begins with: `. "$(dirname "$0")/lib.sh"`. It prints TAP.
#
#   $BIN     the folder of the programs            $ROOT    the checkout
#   $TMP     a scratch folder, removed at exit     $SHARED  ../shared, empty where it is absent
#
#   ok NAME COMMAND...       passes when the command succeeds
#   not_ok NAME COMMAND...   passes when it fails
#   code NAME N COMMAND...   passes when its exit status is N
#   is NAME GOT WANT         passes when the texts are the same
#   like NAME TEXT PATTERN   passes when a line of the text matches (grep -E); unlike: when none does
#   skip NAME WHY            counts a test that cannot run here
#   done_testing             the last line: prints the plan
#
# What a command writes is shown only when its test fails.

set -u
ROOT=$(cd "$(dirname "$0")" && while [ ! -e base/types.h ] && [ "$PWD" != / ]; do cd ..; done && pwd)
BIN=${BIN:-$ROOT/build/bin}
SHARED=${SHARED-$ROOT/../shared}
[ -d "$SHARED" ] && SHARED=$(cd "$SHARED" && pwd) || SHARED=
TMP=$(mktemp -d "${TMPDIR:-/tmp}/fihris-test.XXXXXX") || exit 1
trap 'rm -rf "$TMP"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tests_run=0
tests_failed=0

pass() {
    tests_run=$((tests_run + 1))
    printf 'ok %d - %s\n' "$tests_run" "$1"
}

# fail NAME WHAT_TO_SHOW
fail() {
    tests_run=$((tests_run + 1))
    tests_failed=$((tests_failed + 1))
    printf 'not ok %d - %s\n' "$tests_run" "$1"
    printf '%s\n' "$2" | head -c 4000 | sed 's/^/# /'
}

skip() {
    tests_run=$((tests_run + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tests_run" "$1" "$2"
}

# run COMMAND...: its exit status goes to $run_status, what it is and wrote to $run_output
run() {
    run_status=0
    "$@" >"$TMP/.output" 2>&1 || run_status=$?
    run_output="exit status $run_status: $*
$(head -c 4000 "$TMP/.output")"
}

ok() {
    test_name=$1
    shift
    run "$@"
    if [ "$run_status" -eq 0 ]; then pass "$test_name"; else fail "$test_name" "$run_output"; fi
}

# A command that is not found, is killed or times out (124 and more) has not failed honestly.
not_ok() {
    test_name=$1
    shift
    run "$@"
    if [ "$run_status" -gt 0 ] && [ "$run_status" -lt 124 ]; then pass "$test_name"; else
        fail "$test_name" "$run_output"
    fi
}

code() {
    test_name=$1
    test_code=$2
    shift 2
    run "$@"
    if [ "$run_status" -eq "$test_code" ]; then pass "$test_name"; else
        fail "$test_name" "want $test_code, $run_output"
    fi
}

is() {
    if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:  $2
want: $3"; fi
}

like() {
    if printf '%s\n' "$2" | grep -E -e "$3" >"$TMP/.output" 2>&1; then pass "$1"; else
        fail "$1" "no line matches: $3
$2"
    fi
}

# grep must have read the pattern and found nothing: its exit status is 1.
unlike() {
    printf '%s\n' "$2" | grep -E -e "$3" >"$TMP/.output" 2>&1
    if [ $? -eq 1 ]; then pass "$1"; else
        fail "$1" "a line matches: $3
$(cat "$TMP/.output")"
    fi
}

done_testing() {
    printf '1..%d\n' "$tests_run"
    [ "$tests_failed" -eq 0 ]
    exit
}
