#!/usr/bin/env bash
# Restate sends the id of a call along as the header `x-restate-invocation-id`, and the first 16 characters of all ids of one virtual object
# are the same: the key's place among the partitions. A balancer in front of workers that have never heard of keys can keep an object at one
# of them.
#
# Guessed: the id of a call is random, the key is only inside the body's binary protocol, and no balancer can tell the objects apart.
# Seen: restate-server 1.7.12, SDK 1.17.2: five calls of each of two keys, ten ids, two beginnings, one for each key.
# Source: https://github.com/restatedev/restate/blob/main/crates/types/src/identifiers.rs (an id is the partition key and a random part).
# What it means here: docs/durable.md shows how to give flows affinity, which saves their restores.
set -euo pipefail

folder="$(mktemp -d)"
trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
system="$(node -p 'process.platform + "-" + process.arch')"
server="@restatedev/restate-server-$system"
npm init --yes >/dev/null
# The SDK runs on no Node below 22.
npm install --no-audit --no-fund --silent --ignore-scripts "$server@1.7.12" "node-$system@22.23.3" @restatedev/restate-sdk@1.17.2

cat >ports.mjs <<'JS'
import { createServer } from 'node:net'
const servers = await Promise.all(
  Array.from({ length: 4 }, () => new Promise((resolve) => { const one = createServer().listen(0, '127.0.0.1', () => resolve(one)) })),
)
console.log(servers.map((one) => one.address().port).join(' '))
for (const one of servers) one.close()
JS
read -r node ingress admin worker <<<"$(node ports.mjs)"

cat >look.mjs <<'JS'
import { createServer } from 'node:http2'
import * as restate from '@restatedev/restate-sdk'
const [ingress, admin, port] = process.argv.slice(2)
const counter = restate.object({ name: 'counter', handlers: { count: async (ctx) => ctx.key } })
const ids = []
const handle = restate.createEndpointHandler({ services: [counter] })
const server = createServer((request, response) => {
  if (request.url.startsWith('/invoke')) ids.push(request.headers['x-restate-invocation-id'])
  return handle(request, response)
}).listen(port, '127.0.0.1')

const post = async (url, body) => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}
const isHealthy = (url) => fetch(url).then(({ ok }) => ok, () => false)
for (let tries = 0; !(await isHealthy(`${admin}/health`)) || !(await isHealthy(`${ingress}/restate/health`)); tries++) {
  if (tries > 600) throw new Error('The server is not healthy.')
  await new Promise((resolve) => setTimeout(resolve, 100))
}
await post(`${admin}/deployments`, { uri: `http://127.0.0.1:${port}` })
for (const key of ['maya', 'noor']) {
  for (let call = 0; call < 5; call++) await post(`${ingress}/counter/${key}/count`, null)
}
const beginnings = (some) => new Set(some.map((id) => id.slice(0, 16))).size
const [maya, noor] = [ids.slice(0, 5), ids.slice(5)]
console.log(`${new Set(ids).size} ids; beginnings: ${beginnings(maya)} and ${beginnings(noor)}, ${beginnings(ids)} in all`)
process.exit()
JS

RESTATE_BASE_DIR="$folder/data" RESTATE_BIND_IP=127.0.0.1 RESTATE_ADVERTISED_HOST=127.0.0.1 RESTATE_BIND_PORT="$node" \
  RESTATE_INGRESS__BIND_PORT="$ingress" RESTATE_ADMIN__BIND_PORT="$admin" RESTATE_DISABLE_TELEMETRY=true \
  "node_modules/$server/bin/restate-server" --listen-mode tcp --no-logo --node-name finding >log 2>&1 &

seen="$(RESTATE_LOGGING=ERROR "node_modules/node-$system/bin/node" look.mjs "http://127.0.0.1:$ingress" "http://127.0.0.1:$admin" "$worker")"
echo "restate-server 1.7.12, five calls of each of two keys: $seen"
expected='10 ids; beginnings: 1 and 1, 2 in all'
[ "$seen" = "$expected" ] || { echo "Expected: $expected"; tail -5 log; exit 1; }
