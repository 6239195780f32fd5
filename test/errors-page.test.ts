import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { errorsPage, ours } from '../scripts/errors.ts'
import type { ClientKey } from '../src/domain/failure.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('docs/errors.md is of this source: npm run errors', () => {
  expect(read('docs/errors.md')).toBe(errorsPage())
})

test('it tells each code of ours with a kind and an effect that the code makes it with', () => {
  const made = ['src', 'machines']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...read(path).matchAll(/clientFailure\(\s*'(\w+)',\s*'(\w+)'(?:,\s*\{[^}]*effect: '(\w+)')?/g)])
    .map(([, key, kind, effect]) => ({ key: key as ClientKey, kind, effect }))
  expect(made.length).toBeGreaterThan(50)
  const wrong = made.filter(({ key, kind, effect }) => {
    // A snapshot that cannot be drawn is `unexpected` and the host's, too.
    if (key === 'unexpected' && kind === 'config') return false
    return ours[key][0] !== kind || (effect !== undefined && ours[key][1] !== effect)
  })
  expect(wrong).toEqual([])
})
