# How fihris-serve starts and refuses to, and who may ask.

. "$(dirname "$0")/lib.sh"
serve=$BIN/fihris-serve
index=$TMP/news.index
"$BIN/fihris-index" -q -o "$index" "$ROOT/corpus/sample"
printf '# of the desk\n0123456789abcdef\n' >"$TMP/keys"
printf 'short\n' >"$TMP/short"

code 'an index is named' 2 "$serve"
code 'one index is named' 2 "$serve" "$index" "$index"
code 'an index that is missing' 2 "$serve" "$TMP/none"
code 'an address that is none' 2 "$serve" --listen nowhere "$index"
code 'no workers' 2 "$serve" --workers 0 "$index"
code 'other machines can ask: keys are demanded' 2 timeout 10 "$serve" --listen :0 "$index"
like '... and named' "$run_output" '--keys FILE'
code 'keys that are too short' 2 "$serve" --listen 127.0.0.1:0 --keys "$TMP/short" "$index"
like '... by line' "$run_output" 'short:1:'
code 'keys that are missing' 2 "$serve" --listen 127.0.0.1:0 --keys "$TMP/none" "$index"

# start OPTION...: a service, and $url
start() {
    "$serve" "$@" "$index" 2>"$TMP/log" &
    service=$!
    port=
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        port=$(sed -n 's|.*listening at http://.*:\([0-9]*\)/$|\1|p' "$TMP/log")
        [ -n "$port" ] && break
        sleep 0.2
    done
    url=http://127.0.0.1:$port
}

start --listen :0 --keys "$TMP/keys"
status() {
    curl -s -o "$TMP/body" -w '%{http_code}' "$@"
}

is 'without a key' "$(status "$url/v1/stats")" 401
like '... a problem says so' "$(cat "$TMP/body")" 'urn:problem-type:fihris:no-key'
is 'with a wrong key' "$(status -H 'Authorization: Bearer 0123456789abcdeX' "$url/v1/stats")" 401
is 'with a key' "$(status -H 'Authorization: Bearer 0123456789abcdef' "$url/v1/stats")" 200
is 'a path that is not there tells nothing' "$(status "$url/none")" 401
is 'alive without a key' "$(status "$url/livez")" 200
is 'ready without a key' "$(status "$url/readyz")" 200
is 'curl unpacks what it asked for' "$(curl -s --compressed -G -H 'Authorization: Bearer 0123456789abcdef' \
    --data-urlencode 'q=رخص البناء' "$url/v1/search" | jq -c '.total, (.results | length)' | tr '\n' ' ')" \
    '{"value":5,"exact":true} 5 '
code 'an address that is taken' 2 "$serve" --listen "127.0.0.1:$port" "$index"

kill "$service"
wait "$service"
is 'it ends well' "$?" 0

start --listen 127.0.0.1:0 --allow-host desk.lan,www.desk.lan --base-url https://search.example.org
is 'by a name of this machine' "$(status -H 'Host: localhost' "$url/v1/stats")" 200
is 'by a name that is allowed' "$(status -H 'Host: WWW.desk.lan:8080' "$url/v1/stats")" 200
is 'by the name of the links' "$(status -H 'Host: search.example.org' "$url/v1/stats")" 200
is 'by a name that somebody lets mean this machine' "$(status -H 'Host: evil.example' "$url/v1/stats")" 421
like '... a problem says so' "$(cat "$TMP/body")" 'urn:problem-type:fihris:foreign-host'
kill "$service"
wait "$service"
done_testing
