# fihris-serve --mcp through the client of @modelcontextprotocol/sdk.

. "$(dirname "$0")/../cli/lib.sh"
BUILD=$(dirname "$BIN")
if ! why=$("$ROOT/tests/web/install" "$BUILD"); then
    skip 'an agent asks' "$why"
    done_testing
fi
node "$ROOT/tests/web/agents.mjs" "$BUILD" "$TMP"
