import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('each line of the threat model', () => {
  const [, table = ''] = read('SECURITY.md').split('## Threat model')
  const lines = table.split('\n').filter((line) => /^\| (?!who |---)/.test(line))

  test('is there', () => {
    expect(lines.length).toBeGreaterThan(10)
  })

  test.each(lines.map((line) => [line.split(' | ').slice(0, 2).join(' could ').slice(2), line]))(
    '%s: names a test that exists',
    (_, line) => {
      const [, file = '', title = ''] = /`(test\/[\w./-]+\.test\.ts)` “([^”]+)” \|$/.exec(line) ?? []
      expect(existsSync(join(root, file)) && file !== '').toBe(true)
      const titles = read(file)
        .split('\n')
        .filter((text) => /^\s*(test|it|describe)\b|^\s*[`'"]/.test(text) || /^\s*\)?\(/.test(text))
      expect(titles.some((text) => text.includes(title))).toBe(true)
    },
  )
})
