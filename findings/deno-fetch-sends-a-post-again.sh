#!/usr/bin/env bash
# Deno's fetch sends a POST a second time by itself when a connection that it has kept breaks after the server has read the request. The
# caller sees one call and the second reply; the server has done it twice. Node's fetch, on the same server, rejects.
#
# Guessed: only requests that are safe or idempotent are repeated without being asked (RFC 9110, 9.2.2), so that a POST whose connection
# breaks rejects, as it does in Node.
# Seen: deno 2.9.6: "POST arrived 2 times, the caller got 200"; Node 20.20.2: "POST arrived 1 times, the caller got TypeError".
# Source: https://github.com/denoland/deno/pull/32566 has fetch repeat a request once after "connection closed before message completed" and
# after a reset, taking it that the server has read nothing of it then; https://github.com/denoland/deno/issues/35610 shows that it has.
# What it means here: a refusal that a repeat of one's own write would get is read back (docs/failures.md, "Writes and unknown outcomes").
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent @deno/linux-x64-glibc@2.9.6

cat >server.cjs <<'JS'
const { createServer } = require('node:http')
let posts = 0
createServer((request, response) => {
  if (request.url === '/count') return response.end(String(posts))
  if (request.method !== 'POST') return response.end('ready')
  request.resume().on('end', () => {
    posts += 1
    if (posts === 1) return response.destroy()
    response.end('done')
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
JS

cat >client.mjs <<'JS'
const url = `http://127.0.0.1:${globalThis.Deno ? Deno.args[0] : process.argv[2]}`
await (await fetch(url)).text() // so that a connection is kept
const got = await fetch(url, { method: 'POST', body: '{}' }).then(
  async (response) => (await response.text(), response.status),
  (error) => error.name,
)
console.log(`POST arrived ${await (await fetch(`${url}/count`)).text()} times, the caller got ${got}`)
JS

# The runtime's command, then what it is expected to print.
expect() {
  local expected="$1" seen server port
  shift
  coproc SERVER { exec node server.cjs; }
  server=$SERVER_PID
  read -r port <&"${SERVER[0]}"
  seen="$("$@" "$port")"
  kill "$server"
  wait "$server" 2>/dev/null || true
  echo "$1: $seen"
  [ "$seen" = "$expected" ] || { echo "Expected: $expected"; exit 1; }
}

deno="$(find node_modules/@deno -name deno -type f)"
chmod +x "$deno"
"$deno" --version | head -n 1
expect 'POST arrived 2 times, the caller got 200' "$deno" run --allow-net client.mjs
echo "node $(node --version)"
expect 'POST arrived 1 times, the caller got TypeError' node client.mjs
