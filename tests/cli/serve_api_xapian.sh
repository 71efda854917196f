# The same as serve_api.sh, of an index that the engine `xapian` keeps.

. "$(dirname "$0")/lib.sh"
SERVE_ENGINE=xapian python3 "$ROOT/tests/serving/serve_api.py" "$BIN" "$TMP"
