#!/usr/bin/env bash
# A transition on a parallel state that targets one of its regions leaves and enters all of them: the others lose where they were, and what
# they had invoked is ended and begun again.
#
# Guessed: a target inside the source is internal, so a region that it does not name stays as it is.
# Seen: xstate 5.33.3: `right`, which nobody named, is back at its first state, and its actor began twice. The same transition inside the
# region `left` leaves `right` alone.
# Source: https://github.com/statelyai/xstate/issues/4360 (SCXML wants it so); a change is proposed in
# https://github.com/statelyai/xstate/pull/5564.
# What it means here: what one region does on an event stands in that region (machines/onboarding.ts).
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent xstate@5.33.3

cat >look.mjs <<'JS'
import { createActor, createMachine, fromCallback } from 'xstate'
for (const where of ['on the parallel state', 'inside the region']) {
  let begun = 0
  const again = { again: { target: '.one' } }
  const machine = createMachine({
    type: 'parallel',
    on: where === 'inside the region' ? {} : { again: { target: '.left' } },
    states: {
      left: { initial: 'one', on: where === 'inside the region' ? again : {}, states: { one: {} } },
      right: {
        invoke: { src: fromCallback(() => void begun++) },
        initial: 'one',
        states: { one: { on: { next: 'two' } }, two: {} },
      },
    },
  })
  const actor = createActor(machine).start()
  actor.send({ type: 'next' })
  actor.send({ type: 'again' })
  console.log(`${where}: right is at ${actor.getSnapshot().value.right}, its actor began ${begun} x`)
}
JS

seen="$(node look.mjs)"
echo "xstate 5.33.3, where the transition stands"
echo "$seen"
expected='on the parallel state: right is at one, its actor began 2 x
inside the region: right is at two, its actor began 1 x'
[ "$seen" = "$expected" ] || { echo "Expected: $expected"; exit 1; }
