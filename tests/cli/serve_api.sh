# Every path, parameter and problem of fihris-serve, held to its own /openapi.json.

. "$(dirname "$0")/lib.sh"
python3 "$ROOT/tests/serving/serve_api.py" "$BIN" "$TMP"
