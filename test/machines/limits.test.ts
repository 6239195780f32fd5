/** What the lockout guard does not hold; docs/lockout-guard.md says the same. A test that fails here is good news: then that page changes. */
import { expect, test } from 'vitest'
import { openEditor } from '../support/editor.ts'
import { createSetting } from '../support/setting.ts'

const here = '203.0.113.10'
const elsewhere = '192.0.2.77'
const MINUTE = 60_000

const openWith = (entries: readonly string[]) =>
  openEditor(createSetting({ portal: { account: { ipWhitelist: { entries: [...entries] } } } }))

async function enable() {
  const editor = await openWith([here])
  await editor.perform({ type: 'whitelist.enable' })
  expect(editor.place()).toBe('confirming.deciding.awaiting')
  return editor
}

test('a write that lands after the settling time is taken for not made, and is in force unreported', async () => {
  const { perform, pass, waitOut, state, portal, inForce } = await openWith([here])
  portal.fault('enableIpWhitelist', { landsAfterMs: 10 * MINUTE, answer: 504 })
  await perform({ type: 'whitelist.enable' })
  await waitOut()
  expect(state().failure).toMatchObject({ status: 504, effect: 'none' })
  expect((await perform({ type: 'step.finish' })).output).toMatchObject({ outcome: 'done', unconfirmedChange: null })
  await pass(10 * MINUTE)
  expect(inForce().enabled).toBe(true)
})

test('who closes the tab while a change waits to be kept leaves it in force', async () => {
  const { close, clock, inForce } = await enable()
  close()
  await clock.advance(60 * MINUTE)
  expect(inForce()).toEqual({ enabled: true, entries: [here] })
})

test('who moves after the change is kept is not warned', async () => {
  const { perform, portal, inForce } = await enable()
  await perform({ type: 'change.keep' })
  portal.moveTo(elsewhere)
  expect((await perform({ type: 'step.finish' })).output).toMatchObject({ outcome: 'done', unconfirmedChange: null })
  expect(inForce()).toEqual({ enabled: true, entries: [here] })
  expect(portal.login().ok).toBe(false)
})
