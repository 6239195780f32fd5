#!/usr/bin/env bash
# An XState actor that was stopped and is started again takes events and runs actions, but has lost what it invoked, and says so nowhere.
#
# Guessed: `start()` after `stop()` throws or does nothing; or else it starts what the active states invoke, as after a restore.
# Seen: xstate 5.33.3: no error; its status stays `stopped`, its children are gone and not started, and an event still runs its action.
# Source: https://github.com/statelyai/xstate/issues/4583 (what is persisted after `stop()` is a stopped actor, too).
# What it means here: `toStorage` stores what the flow was at just before it was stopped, and a run that was stopped tells its machine
# nothing (machines/slots.ts).
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent xstate@5.33.3

cat >look.mjs <<'JS'
import { createActor, createMachine, fromCallback } from 'xstate'
const seen = []
const child = fromCallback(() => {
  seen.push('child began')
  return () => seen.push('child ended')
})
const machine = createMachine({ invoke: { src: child }, on: { ping: { actions: () => seen.push('action ran') } } })
const actor = createActor(machine).start()
actor.stop()
actor.start()
actor.send({ type: 'ping' })
const { status, children } = actor.getSnapshot()
console.log(`${seen.join(', ')}; ${status}, ${Object.keys(children).length} children`)
JS

seen="$(node look.mjs 2>/dev/null)"
echo "xstate 5.33.3: $seen"
expected='child began, child ended, action ran; stopped, 0 children'
[ "$seen" = "$expected" ] || { echo "Expected: $expected"; exit 1; }
