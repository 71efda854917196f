# Slow and rude clients of fihris-serve. `make soak-serve` has 3,000 of them for a minute.

. "$(dirname "$0")/lib.sh"
python3 "$ROOT/tests/serving/serve_slow.py" "$BIN" "$TMP" "${SERVE_CLIENTS:-300}" "${SERVE_SECONDS:-3}"
