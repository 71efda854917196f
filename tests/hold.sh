# For tests/layers.sh and tests/symbols.sh: rules that hold where nothing offends. It prints TAP.

tests_run=0
tests_failed=0

# hold NAME OFFENDERS: passes when there are none.
hold() {
    tests_run=$((tests_run + 1))
    if [ -z "$2" ]; then
        echo "ok $tests_run - $1"
    else
        tests_failed=$((tests_failed + 1))
        echo "not ok $tests_run - $1"
        echo "$2" | sed 's/^/# /'
    fi
}

# The last line: the plan, and the exit status.
held() {
    echo "1..$tests_run"
    [ "$tests_failed" -eq 0 ]
}
