import { createMachines, createPortalApi, type OnboardingInput, type Screen, screenOf } from 'postlogin'
import { createFakePortal, type FakePortalOptions, walkTo } from 'postlogin/testing'
import { expect, onTestFinished, test } from 'vitest'
import { createActor } from 'xstate'

function open(account: FakePortalOptions['account'] = {}) {
  const portal = createFakePortal({ account })
  const { portalAccessCode, clientHash, accessToken } = portal.account
  const api = createPortalApi({
    baseUrl: 'https://portal.example/prometheus',
    portalAccessCode,
    clientHash,
    accessToken: () => accessToken,
    fetch: portal.fetch,
  })
  const machines = createMachines(api)
  const flowWith = (input: OnboardingInput) => {
    const flow = createActor(machines.onboarding, { input })
    onTestFinished(() => void flow.stop())
    return flow.start()
  }
  return { portal, machines, flowWith }
}

const policy = { ipWhitelist: 'show', sessions: 'show', workspace: 'show' } as const

test.each<Exclude<Screen['name'], 'loading' | 'broken' | 'crashed' | 'signedOut' | 'cancelled'>>([
  'invitations',
  'mfa',
  'otpEnrollment',
  'ipWhitelist',
  'sessions',
  'workspace',
  'completed',
])('takes a flow to %s, and changes nothing on the way', async (name) => {
  const { portal, flowWith } = open()
  const flow = flowWith({ policy })
  const screen = await walkTo(flow, name)
  expect(screen.name).toBe(name)
  expect(screenOf(flow.getSnapshot())).toEqual(screen)
  const written = portal.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('secure-channel'))
  expect(written.map(({ operation }) => operation)).toEqual(name === 'otpEnrollment' ? ['setupOtp'] : [])
})

test('starts a flow that was not started', async () => {
  const flow = createActor(open().machines.onboarding)
  onTestFinished(() => void flow.stop())
  expect((await walkTo(flow, 'mfa')).status).toBe('resting')
})

test('takes a machine that runs alone to its screen', async () => {
  const screen = await walkTo(createActor(open().machines.sessions).start(), 'sessions')
  expect(screen.rows.length).toBeGreaterThan(0)
})

test('says which screens came where a required step keeps it from the one that is asked for', async () => {
  const flow = open().flowWith({ policy: { ...policy, mfa: 'require' } })
  await expect(walkTo(flow, 'sessions')).rejects.toThrow('No screen sessions came after invitations, mfa')
})

test('says so where the flow ends without it', async () => {
  const flow = open().flowWith({ order: ['mfa'] })
  await expect(walkTo(flow, 'workspace')).rejects.toThrow('No screen workspace came after mfa, completed')
})

test('does not start a setup for somebody who has one', async () => {
  const flow = open({ mfaMethods: [{ method: 'OTP', isEnabled: true }] }).flowWith({ policy: { mfa: 'show' } })
  await expect(walkTo(flow, 'otpEnrollment')).rejects.toThrow(
    'No screen otpEnrollment came after invitations, mfa, mfa',
  )
})
