/**
 * What each version has stored, at every place where a user can be, and what this one makes of it: the flow goes on to its end, or
 * the text is refused by name. `npm run fixtures` writes the texts of this version; those of a released one stay as they are.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { activeStep, fromStorage, PortalError, toStorage } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { placeOf } from './support/place.ts'
import { createSetting } from './support/setting.ts'
import { carryThrough, eagerPolicy } from './support/user.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'test/fixtures/stored')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const subject = 'maya@example.com'

/** Released versions whose texts are refused, as the changelog says of the version that began to. */
const refused: readonly string[] = []

const { version: current } = JSON.parse(read('package.json')) as { readonly version: string }
const isReleased = (version: string) => read('CHANGELOG.md').includes(`\n## [${version}] - `)

/** A whole flow, stored whenever the user is somewhere else: by place. */
async function storedTexts(): Promise<ReadonlyMap<string, string>> {
  const setting = createSetting()
  const flow = createActor(setting.machines.onboarding, { input: { policy: eagerPolicy } })
  const texts = new Map<string, string>()
  flow.subscribe((snapshot) => {
    const step = snapshot.status === 'active' ? activeStep(snapshot) : null
    if (step === null) return
    const place = `${step.name}.${placeOf(step.actor)}`.replace(/[^\w.-]+/g, '-').replace(/-+$/, '')
    if (!texts.has(place)) texts.set(place, toStorage(flow, { subject }))
  })
  await carryThrough(setting, flow.start())
  return texts
}

if (env.FIXTURES === 'write') {
  const texts = await storedTexts()
  if (isReleased(current) && readdirSync(folder).includes(current))
    throw new Error(`${current} is released: its texts stay as they are`)
  rmSync(join(folder, current), { recursive: true, force: true })
  mkdirSync(join(folder, current), { recursive: true })
  for (const [place, text] of texts) writeFileSync(join(folder, current, `${place}.json`), `${text}\n`)
}

test('a flow is stored at places of every step', async () => {
  const places = [...(await storedTexts()).keys()]
  for (const step of ['invitations', 'mfa', 'otpEnrollment', 'ipWhitelist', 'whitelistChange', 'sessions']) {
    expect(places.filter((place) => place.startsWith(step))).not.toEqual([])
  }
})

describe.each(readdirSync(folder))('what version %s has stored', (version) => {
  const places = readdirSync(join(folder, version)).map((name) => name.replace('.json', ''))

  test.each(places)('in %s', async (place) => {
    const text = readFileSync(join(folder, version, `${place}.json`), 'utf8')
    const setting = createSetting()
    const { onboarding } = setting.machines
    // Where the user was at that, the phone has its key.
    if (place.startsWith('otpEnrollment')) await setting.whileTimePasses(setting.api.setupOtp())
    const restore = () => createActor(onboarding, { snapshot: fromStorage(onboarding, text, { subject }) })
    if (isRefused(restore)) {
      // One that is not released yet may still change.
      expect(refused.includes(version) || !isReleased(version)).toBe(true)
      return
    }
    const { actor } = await carryThrough(setting, restore().start())
    expect(actor.getSnapshot().output).toMatchObject({ outcome: 'completed' })
  })
})

/** Refused by name, as another version's; whatever else is thrown is a failure. */
function isRefused(restore: () => unknown): boolean {
  try {
    restore()
    return false
  } catch (thrown) {
    if (thrown instanceof PortalError && thrown.failure.code === 'client.storageVersion') return true
    throw thrown
  }
}
