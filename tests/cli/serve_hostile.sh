# Malformed and hostile requests to fihris-serve.

. "$(dirname "$0")/lib.sh"
python3 "$ROOT/tests/serving/serve_hostile.py" "$BIN" "$TMP"
