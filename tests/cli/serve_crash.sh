# Workers of fihris-serve killed and stuck, the index published anew, all under load. `make soak-serve` does the
# same for longer.

. "$(dirname "$0")/lib.sh"
python3 "$ROOT/tests/serving/serve_crash.py" "$BIN" "$TMP" "${SERVE_KILLS:-30}" "${SERVE_SWITCHES:-5}"
