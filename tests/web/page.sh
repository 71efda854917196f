# The page of fihris-serve in headless Chromium.

. "$(dirname "$0")/../cli/lib.sh"
BUILD=$(dirname "$BIN")
if ! why=$("$ROOT/tests/web/install" "$BUILD"); then
    skip 'the page in a browser' "$why"
    done_testing
fi
if ! CHROMIUM=$(command -v chromium); then
    skip 'the page in a browser' 'chromium is missing'
    done_testing
fi
export CHROMIUM
node "$ROOT/tests/web/page.mjs" "$BUILD" "$TMP"
