#!/bin/sh
# Runs the examples of the README, of the corpus page and of the man pages; see tests/examples.py.
. "$(dirname "$0")/lib.sh"
exec python3 "$ROOT/tests/examples.py" "$BIN" "$ROOT/README.md" "$ROOT/corpus/README.md" "$ROOT"/man/*.[1-9]
