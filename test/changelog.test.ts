import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { released } from '../scripts/release.ts'

/** The form of Keep a Changelog 1.1.0, and `Renamed` beside its kinds of change. */
const KINDS = ['Added', 'Changed', 'Renamed', 'Deprecated', 'Removed', 'Fixed', 'Security']

const changelog = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8')
const headings = (level: number, text = changelog) =>
  [...text.matchAll(new RegExp(`^#{${level}} (.+)$`, 'gm'))].map(([, heading = '']) => heading)

test('the changelog lists versions, the unreleased one first, and their changes by kind', () => {
  const [unreleased, ...versions] = headings(2)
  expect(headings(1)).toEqual(['Changelog'])
  expect(unreleased).toBe('[Unreleased]')
  for (const version of versions) expect(version).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/)
  expect(KINDS).toEqual(expect.arrayContaining(headings(3)))
})

test('each renamed name is given with its old one', () => {
  const [, renamed = ''] = changelog.split('### Renamed\n')
  const rows = renamed.split('\n').filter((line) => /^\| (?!Old |---)/.test(line))
  expect(rows.length).toBeGreaterThan(5)
  for (const row of rows) expect(row).toMatch(/^\| [^|]*`[^|]*\| [^|]*`[^|]*\|$/)
})

test('a release gives what is unreleased its version, and leaves room for what comes next', () => {
  const next = released(changelog, '9.8.7', '2030-01-02')
  expect(headings(2, next).slice(0, 2)).toEqual(['[Unreleased]', '[9.8.7] - 2030-01-02'])
  expect(next.split('## [Unreleased]')[1]?.trim().split('\n')[0]).toBe('## [9.8.7] - 2030-01-02')
  expect(headings(3, next)).toEqual(headings(3))
})
