# The example of fihris-serve(1) with nginx in front, as it stands there but for ports, names of files and the key.

. "$(dirname "$0")/../cli/lib.sh"
for program in nginx openssl; do
    if ! command -v "$program" >/dev/null; then
        skip 'nginx in front' "$program is missing"
        done_testing
    fi
done

index=$TMP/news.index
key=0123456789abcdef
"$BIN/fihris-index" -q -o "$index" "$ROOT/corpus/sample"
printf '%s\n' "$key" >"$TMP/keys"
printf 'desk:%s\n' "$(openssl passwd -apr1 secret)" >"$TMP/people"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=search.example.org -addext subjectAltName=DNS:search.example.org \
    -keyout "$TMP/tls.key" -out "$TMP/tls.pem" 2>/dev/null

# A port that is free now; nothing here asks for it between this and its use.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
inner=$(free_port)
outer=$(free_port)

# example NUMBER: the configuration that stands NUMBERth in the manual, with what is of this test in its place
example() {
    awk -v wanted="$1" '/^upstream fihris|^location/ { found++ } found == wanted && /^\.Ed/ { exit } found == wanted' \
        "$ROOT/man/fihris-serve.1" |
        sed -e "s|127.0.0.1:8080|127.0.0.1:$inner|" -e "s|listen 443|listen 127.0.0.1:$outer|" \
            -e "s|/etc/ssl/search.example.org.pem|$TMP/tls.pem|" -e "s|/etc/ssl/search.example.org.key|$TMP/tls.key|" \
            -e "s|/etc/nginx/people|$TMP/people|" -e "s|Bearer KEY|Bearer $key|"
}

is 'the README has the same' "$(awk '/^```nginx/ { on = 1; next } /^```/ { on = 0 } on' "$ROOT/README.md")" \
    "$(awk '/^upstream fihris/ { on = 1 } /^\.Ed/ { on = 0 } on' "$ROOT/man/fihris-serve.1")"

start() {
    cat >"$TMP/nginx.conf" <<END
daemon off; master_process off; pid $TMP/nginx.pid; error_log $TMP/nginx.log;
events { worker_connections 64; }
http {
    access_log off; client_body_temp_path $TMP/body; proxy_temp_path $TMP/proxy; fastcgi_temp_path $TMP/f;
    uwsgi_temp_path $TMP/u; scgi_temp_path $TMP/s;
$1
}
END
    nginx -c "$TMP/nginx.conf" -e "$TMP/nginx.log" &
    nginx=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
        curl -sk -o /dev/null "https://127.0.0.1:$outer/" && break
        sleep 0.2
    done
}

url=https://search.example.org:$outer
ask() {
    curl -s --cacert "$TMP/tls.pem" --resolve "search.example.org:$outer:127.0.0.1" "$@"
}

"$BIN/fihris-serve" --listen "127.0.0.1:$inner" --base-url https://search.example.org "$index" 2>"$TMP/log" &
serve=$!
start "$(example 1)"
is 'a search through TLS' "$(ask -G --data-urlencode 'q=title:البلديات' "$url/v1/search" | jq .total.value)" 1
is 'an article' "$(ask "$url/v1/articles/mrs-88412" | jq -r .source)" 'وكالة المرسى للأنباء'
like 'the page' "$(ask "$url/?q=x")" '<html lang="ar" dir="rtl">'
like 'links begin with what the world calls it' "$(ask "$url/opensearch.xml")" 'https://search.example.org/'
ask -D "$TMP/head" -o "$TMP/packed" -H 'Accept-Encoding: gzip' -G --data-urlencode 'q=المدينة' "$url/v1/search"
is 'it is packed once' "$(grep -ci '^content-encoding: gzip' "$TMP/head") $(gzip -dc "$TMP/packed" | jq '.results | length')" '1 10'
id=$(sed -n 's/^x-request-id: \([0-9a-f]*\).*/\1/Ip' "$TMP/head")
like 'the id of a request is the same on both sides' "$(cat "$TMP/log")" "\"id\":\"$id\""
tag=$(sed -n 's/^etag: \(.*\)\r$/\1/Ip' "$TMP/head")
is 'what is known is not sent again' "$(ask -o /dev/null -w '%{http_code}' -H 'Accept-Encoding: gzip' \
    -H "If-None-Match: $tag" -G --data-urlencode 'q=المدينة' "$url/v1/search")" 304
ask -o /dev/null -H 'X-Forwarded-For: 203.0.113.7' -H 'X-Request-Id: forged' "$url/livez"
unlike 'nobody says who asks but the connection' "$(cat "$TMP/log")" '203.0.113.7|forged'
is 'a batch' "$(printf '{"q":"المدينة"}\n{"q":"ميناء"}\n' | ask --data-binary @- "$url/v1/batch" | wc -l)" 2
is 'a query that is too long' "$(ask -o /dev/null -w '%{http_code}' "$url/v1/search?q=$(printf '%01025d' 0)")" 413
kill "$nginx" "$serve"
wait "$nginx" "$serve"

# With keys: people say who they are to nginx, which knows the key.
"$BIN/fihris-serve" --listen "127.0.0.1:$inner" --base-url https://search.example.org --keys "$TMP/keys" "$index" 2>"$TMP/log" &
serve=$!
start "$(example 1 | sed '/location/,$d')
$(example 2)
}"
is 'the page is for those whom nginx knows' "$(ask -o /dev/null -w '%{http_code}' "$url/")" 401
is '... by their word' "$(ask -u desk:wrong -o /dev/null -w '%{http_code}' "$url/")" 401
is '... and then it is there' "$(ask -u desk:secret -o /dev/null -w '%{http_code}' "$url/?q=x")" 200
is 'who goes around it has no key' "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$inner/")" 401
kill "$nginx" "$serve"
wait "$nginx" "$serve"
done_testing
