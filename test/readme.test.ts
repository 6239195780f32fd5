import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readmeExample } from '../scripts/readme-example.ts'

test('the example at the top is at most 20 lines and runs as written', () => {
  const example = readmeExample()
  const code = example.split('\n').filter((line) => line.trim() !== '')
  expect(code.length).toBeLessThanOrEqual(20)
  // Inside the checkout, where `postlogin` resolves as it does for the examples.
  const folder = mkdtempSync(join(fileURLToPath(new URL('..', import.meta.url)), 'test/.readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'example.ts'), example)
  const printed = execFileSync(process.execPath, ['--import', 'tsx', join(folder, 'example.ts')], { encoding: 'utf8' })
  expect(printed).toContain("to: 'workspace'")
})
