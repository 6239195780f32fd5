#!/usr/bin/env bash
# XState starts no `after` again when a snapshot is restored: a machine that waits in such a state waits for ever. An invoked actor is
# started again, with its stored input.
#
# Guessed: a delay is part of the state, so that it goes on, or at least begins anew, where the state is restored.
# Seen: xstate 5.33.3: 200 ms after a restore, a state with `after: 50` is as it was; one with an invoked wait until a stored time has moved on.
# Source: https://github.com/statelyai/xstate/issues/5331.
# What it means here: deadlines stand in the context, and an invoked actor waits for them (docs/decisions/deadlines.md).
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent xstate@5.33.3

cat >look.mjs <<'JS'
import { createActor, fromPromise, setup } from 'xstate'
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const machine = setup({
  actors: { deadline: fromPromise(({ input }) => sleep(input.at - Date.now())) },
}).createMachine({
  context: () => ({ at: Date.now() + 50 }),
  initial: 'choosing',
  states: {
    choosing: { on: { after: 'after', deadline: 'deadline' } },
    after: { after: { 50: 'over' } },
    deadline: { invoke: { id: 'wait', src: 'deadline', input: ({ context }) => context, onDone: 'over' } },
    over: {},
  },
})
for (const type of ['after', 'deadline']) {
  const actor = createActor(machine).start()
  actor.send({ type })
  const text = JSON.stringify(actor.getPersistedSnapshot())
  actor.stop()
  const restored = createActor(machine, { snapshot: JSON.parse(text) }).start()
  await sleep(200)
  console.log(`${type}: ${restored.getSnapshot().value}`)
}
JS

seen="$(node look.mjs)"
expected="after: after
deadline: over"
echo "xstate 5.33.3"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "Expected: $expected"; exit 1; }
