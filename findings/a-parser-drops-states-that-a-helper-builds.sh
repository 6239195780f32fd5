#!/usr/bin/env bash
# The parser of Stately's older tools reads a chart out of its source, and leaves out, without a word, the states that are no literals.
#
# Guessed: what it cannot read is reported, or shown as unknown.
# Seen: @xstate/machine-extractor 0.16.0: of five states the three that stand in the file are read; those that a call makes, an import
# gives or a spread adds are gone. Its successor in Studio could not be tried without its site.
# Source: https://www.npmjs.com/package/@xstate/machine-extractor.
# What it means here: a chart is one literal in one file (docs/decisions/literal-charts.md).
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent @xstate/machine-extractor@0.16.0 xstate@4

cat >look.cjs <<'JS'
const { extractMachinesFromFile } = require('@xstate/machine-extractor')
const { machines } = extractMachinesFromFile(`
  import { setup } from 'xstate'
  import { imported } from './imported'
  const named = { on: { retry: 'reading' } }
  const failure = () => ({ on: { retry: 'reading' } })
  setup({}).createMachine({
    initial: 'reading',
    states: { reading: {}, literal: {}, named, called: failure(), imported, ...imported },
  })
`)
console.log(Object.keys(machines[0].toConfig().states).join(' '))
JS

seen="$(node look.cjs)"
echo "@xstate/machine-extractor 0.16.0: $seen"
[ "$seen" = 'reading literal named' ] || { echo "Expected: reading literal named"; exit 1; }
