/** Rows that nobody could read: the screens count them, the pages and the terminal say so. */
import type { StepName } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { isInboxEmpty, unreadableText } from '../../examples/shared/words.ts'
import { viewOf } from '../../examples/terminal/screens/index.ts'
import { createSetting } from '../support/setting.ts'
import { only, visit } from './visitor.ts'

const strays = () => createSetting({ portal: { dialect: { rows: 'besideStrays' } } })
const look = { now: () => 0, qrCode: () => [] }
const text =
  'This list has 2 rows that could not be read and are not shown. Refresh the list. If this keeps happening, report it.'

describe.each<StepName>(['invitations', 'mfa', 'sessions', 'workspace'])('%s', (name) => {
  test('counts them, and says so on the page and in the terminal', async () => {
    const { screen, flow } = await visit({ input: only(name), setting: strays() })
    expect(screen()).toMatchObject({ name, unreadableRows: 2 })
    expect(unreadableText(screen())).toBe(text)
    expect(viewOf({ flow, look })?.lines).toContain(text)
  })

  test('says nothing where all could be read', async () => {
    const { screen, flow } = await visit({ input: only(name) })
    expect(screen()).toMatchObject({ name, unreadableRows: 0 })
    expect(unreadableText(screen())).toBe('')
    expect(viewOf({ flow, look })?.lines).not.toContain('')
  })
})

test('an inbox of which nothing could be read is not called empty', async () => {
  const setting = createSetting({ portal: { account: { invitations: [] } } })
  const data = [{ invitationStatus: 'PENDING' }]
  setting.portal.fault('listInvitations', { status: 200, body: JSON.stringify({ code: '2000', data }) })
  const { on } = await visit({ input: { order: ['invitations'] }, setting })
  expect(isInboxEmpty(on('invitations'))).toBe(false)
  expect(unreadableText(on('invitations'))).toContain('one row')
})

test('a session beside the own one that nobody can read is ended with all others', async () => {
  const setting = createSetting({
    portal: { account: { sessions: [{ isCurrent: true }] }, dialect: { rows: 'besideStrays' } },
  })
  const { on, click, screen } = await visit({ input: only('sessions', 'require'), setting })
  expect(on('sessions').finish.blocked).toBe('stepRequired')
  await click(on('sessions').terminateOthers)
  await click(on('sessions').question?.confirm ?? on('sessions').retry)
  expect(on('sessions')).toMatchObject({ aimHolds: true, finish: { blocked: null } })
  await click(on('sessions').finish)
  expect(screen().name).toBe('completed')
})
