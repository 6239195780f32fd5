import type { DurableAction, MaskedScreen } from 'postlogin/durable'
import type { FakePortal } from 'postlogin/testing'

/** Sees only what a server sends, and does the next thing that is still to do. Null: there is nothing to do but wait. */
export type User = (screen: MaskedScreen, portal: FakePortal) => Promise<DurableAction | null>

type Answers = { readonly [Name in MaskedScreen['name']]?: (screen: Named<Name>, portal: FakePortal) => Answer }
type Named<Name> = Extract<MaskedScreen, { readonly name: Name }>
type Answer = DurableAction | Promise<DurableAction>

const HERE = '203.0.113.10'
const ACME = 'WS_ACME_001'
const LAB = 'WS_LAB_001'

/** Tries again what failed, waits where that is asked for, answers every question with yes, and leaves a step that is as it should be. */
const userWho = (answers: Answers): User =>
  async function act(screen, portal) {
    if (!('status' in screen) || screen.status === 'coolingDown') return null
    if (screen.status === 'failed') return screen.retry
    if ('question' in screen && screen.question !== null) return screen.question.confirm
    const answer = answers[screen.name] as ((screen: MaskedScreen, portal: FakePortal) => Answer) | undefined
    return answer === undefined ? screen.finish : answer(screen, portal)
  }

/** Wants Acme's invitation accepted, the other declined, OTP on, the whitelist on with the current address, no other session. */
export const newcomer = userWho({
  invitations({ rows, finish }) {
    const open = rows.find(({ standing }) => standing === 'open')
    if (open === undefined) return finish
    return open.workspaceBizId === ACME ? open.accept : open.decline
  },
  mfa: ({ isOtpEnabled, finish, enroll }) => (isOtpEnabled ? finish : enroll),
  otpEnrollment: async ({ isSetUp, submit, restart }, { authenticator }) =>
    isSetUp ? { ...submit, more: { code: await authenticator.code() } } : restart,
  ipWhitelist({ whitelist, rows, finish, add, enable }) {
    if (whitelist.enabled) return finish
    return rows.length === 0 ? { ...add, more: { value: HERE } } : enable
  },
  sessions: ({ aimHolds, finish, terminateOthers }) => (aimHolds ? finish : terminateOthers),
})

/** Wants OTP and the whitelist off, the phone signed out, and another workspace as default. */
export const reviser = userWho({
  mfa: ({ isOtpEnabled, finish, revoke }) => (isOtpEnabled ? revoke : finish),
  ipWhitelist: ({ whitelist, finish, disable }) => (whitelist.enabled ? disable : finish),
  sessions: ({ rows, finish }) => rows.find(({ clientIp }) => clientIp === '198.51.100.24')?.terminate ?? finish,
  workspace: ({ rows, finish }) =>
    rows.find(({ workspaceBizId, isDefault }) => workspaceBizId === LAB && !isDefault)?.chooseAsDefault ?? finish,
})
