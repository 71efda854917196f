# fihris-serve --mcp: what an agent asks and is answered, and what is no message at all.

. "$(dirname "$0")/lib.sh"
python3 "$ROOT/tests/serving/serve_mcp.py" "$BIN" "$TMP"
