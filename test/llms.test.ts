import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as postlogin from 'postlogin'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const index = read('llms.txt')
const links = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)

test('llms.txt has the form of llmstxt.org, and is short', () => {
  expect(index).toMatch(/^# postlogin\n\n> /)
  expect(index.length).toBeLessThan(6_000)
  const { exports } = JSON.parse(read('package.json')) as { readonly exports: Readonly<Record<string, unknown>> }
  for (const entry of Object.keys(exports).filter((name) => name !== './package.json')) {
    expect(index).toContain(`\`${entry.replace(/^\./, 'postlogin')}\``)
  }
})

test('it lists every page of docs, and no other', () => {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md')
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([])
  expect(links.filter((link) => link.startsWith('docs/')).sort()).toEqual(pages.map((page) => `docs/${page}`).sort())
})

test('what it calls can be imported', () => {
  const calls = [...index.matchAll(/`(?:await )?(\w+)\(/g)].map(([, name = '']) => name)
  expect(calls.length).toBeGreaterThan(5)
  expect(calls.filter((name) => !(name in postlogin) && name !== 'reveal')).toEqual([])
})
