import { act } from 'postlogin'
import { expect, test } from 'vitest'
import { play, scenes } from './scenes.ts'
import { only, visit } from './visitor.ts'

test('a second click on “Continue” is not taken for one on the next screen', async () => {
  const { on, click, press, flow, rest } = await visit()
  const { finish } = on('invitations')
  expect(await click(finish)).toBe(true)
  const before = on('mfa')
  expect(press(finish)).toBe(false)
  await rest(flow)
  expect(on('mfa')).toEqual(before)
})

test('nor is one while the next step is being read', async () => {
  const { on, press, portal, flow, rest } = await visit({ input: { order: ['sessions', 'workspace'] } })
  const { finish } = on('sessions')
  portal.fault('listWorkspaces', { delayMs: 1_000 })
  expect([press(finish), press(finish)]).toEqual([true, false])
  await rest(flow)
  expect(on('completed').output.outcome).toBe('completed')
})

test('the factors’ “Continue” does not leave the setup that was opened from there', async () => {
  const { on, click, press } = await visit({ input: only('mfa') })
  const { enroll, finish } = on('mfa')
  await click(enroll)
  expect(press(finish)).toBe(false)
  expect(on('otpEnrollment').status).toBe('resting')
})

test('the setup’s “Cancel” does nothing once the factors are back', async () => {
  const { on, click, press } = await visit({ input: only('mfa') })
  await click(on('mfa').enroll)
  const { cancel, finish } = on('otpEnrollment')
  expect(await click(cancel)).toBe(true)
  expect([press(cancel), press(finish)]).toEqual([false, false])
  expect(on('mfa').status).toBe('resting')
})

test('“Skip” on a step that is out of order passes that one only', async () => {
  const { on, press, screen } = await play({
    ...scenes['a step that is out of order'],
    input: { order: ['mfa', 'sessions'] },
  })
  const { skip } = on('broken')
  expect([press(skip), press(skip)]).toEqual([true, false])
  expect(screen()).toMatchObject({ name: 'sessions', status: 'resting' })
})

test('what goes along does not make another action of it', async () => {
  const { on, flow, rest, portal } = await visit({ input: only('invitations') })
  const [row] = on('invitations').rows
  if (row === undefined) throw new Error('An invitation was expected')
  act(flow, row.decline, { type: 'invitation.accept' } as never)
  await rest(flow)
  expect([portal.processed('acceptInvitation'), portal.processed('declineInvitation')]).toEqual([0, 1])
})

test('the flow can be cancelled from every screen, also out of a step that is required', async () => {
  const { on, press, flow } = await visit({ input: only('mfa', 'require') })
  const { finish, skip, cancelFlow } = on('mfa')
  expect([finish.blocked, skip.blocked]).toEqual(['stepRequired', 'stepRequired'])
  expect(press(cancelFlow)).toBe(true)
  expect(on('cancelled').output.outcome).toBe('cancelled')
  expect([press(cancelFlow), flow.getSnapshot().status]).toEqual([false, 'done'])
})

test('a second click on a row that is acted on is ignored; another row is next', async () => {
  const { on, press, portal, flow, rest } = await visit({ input: only('invitations') })
  const [first, second] = on('invitations').rows
  if (first === undefined || second === undefined) throw new Error('Two invitations were expected')
  press(first.accept)
  press(first.accept)
  press(second.accept)
  press(first.decline, {})
  await rest(flow)
  expect(on('invitations').rows.map(({ standing }) => standing)).toEqual(['accepted', 'accepted'])
  expect(portal.processed('acceptInvitation')).toBe(2)
  expect(portal.processed('declineInvitation')).toBe(0)
})

test('what is blocked is not sent', async () => {
  const { on, press, flow } = await visit({ input: only('mfa', 'require') })
  const { revoke, finish } = on('mfa')
  const before = flow.getSnapshot()
  expect([press(revoke), press(finish)]).toEqual([false, false])
  expect(flow.getSnapshot()).toBe(before)
})

test('nothing is done once the flow has ended, or was stopped', async () => {
  const { on, click, press, flow, portal } = await play({
    ...scenes['a step that is out of order'],
    input: only('mfa'),
  })
  const { skip, retry } = on('broken')
  await click(skip)
  expect(on('completed').output.skippedSteps).toEqual(['mfa'])
  expect([press(skip), press(retry)]).toEqual([false, false])

  const stopped = await visit({ input: only('sessions') })
  const { finish, refresh } = stopped.on('sessions')
  stopped.flow.stop()
  expect([stopped.press(finish), stopped.press(refresh)]).toEqual([false, false])
  expect([flow, stopped.flow].map((one) => one.getSnapshot().status)).toEqual(['done', 'stopped'])
  expect(portal.processed('terminateOtherSessions')).toBe(0)
})

test('what only the user knows goes along with the action', async () => {
  const { on, flow, rest, portal } = await visit({ input: only('ipWhitelist') })
  act(flow, on('ipWhitelist').add, { value: '192.0.2.1' })
  act(flow, on('ipWhitelist').replace, { values: ['192.0.2.2', '192.0.2.3'] })
  expect(on('ipWhitelist').rows.map(({ value }) => value)).toEqual(['192.0.2.2', '192.0.2.3'])
  act(flow, on('ipWhitelist').save)
  await rest(flow)
  expect(portal.account.ipWhitelist.entries).toEqual(['192.0.2.2', '192.0.2.3'])
})
