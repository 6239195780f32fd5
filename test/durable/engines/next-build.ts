import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** What the workers are made of. */
const PARTS = ['src', 'machines', 'examples', 'scripts', 'package.json', 'tsconfig.json']

/** States with another name in the next build; nothing outside their chart names them. */
const RENAMED = [
  { chart: 'machines/mfa.ts', state: 'checkingBackupCodes' },
  { chart: 'machines/whitelist-change.ts', state: 'notBegun' },
]

/** The folder of a build in which OTP and the whitelist's change have other charts, as a release may have. Gone after the test. */
export function buildWithOtherCharts(): string {
  const build = mkdtempSync(join(tmpdir(), 'postlogin-build-'))
  onTestFinished(() => rmSync(build, { recursive: true, force: true }))
  for (const part of PARTS) cpSync(join(ROOT, part), join(build, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'))
  for (const { chart, state } of RENAMED) {
    const text = readFileSync(join(build, chart), 'utf8')
    const changed = text.replaceAll(state, `${state}Anew`)
    if (changed === text) throw new Error(`${chart} has no state ${state} any more: name another one`)
    writeFileSync(join(build, chart), changed)
  }
  return build
}
