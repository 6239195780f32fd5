/** What a write can change is read again; a write whose reply was lost stays open, whatever comes after it. */
import { activeStep, createMessages, type MessageTexts, screenOf } from 'postlogin'
import { describe, expect, test } from 'vitest'
import type { AnyActorRef, EventObject } from 'xstate'
import { chineseMessages } from '../../src/domain/messages-chinese.ts'
import { traditionalChineseMessages } from '../../src/domain/messages-chinese-traditional.ts'
import { englishMessages } from '../../src/domain/messages-english.ts'
import { germanMessages } from '../../src/domain/messages-german.ts'
import { japaneseMessages } from '../../src/domain/messages-japanese.ts'
import { vietnameseMessages } from '../../src/domain/messages-vietnamese.ts'
import { createSetting } from '../support/setting.ts'

async function atFactors(input = {}, setting = createSetting({ portal: { account: { invitations: [] } } })) {
  const flow = await setting.start('onboarding', {
    order: ['mfa', 'sessions'],
    policy: { mfa: 'show', sessions: 'show' },
    ...input,
  })
  async function say(event: object) {
    const actor: AnyActorRef | undefined = activeStep(flow.getSnapshot())?.actor
    actor?.send(event as EventObject)
    await setting.rest(flow)
  }
  async function enroll() {
    await say({ type: 'otp.enrol' })
    await say({ type: 'code.submit', code: await setting.portal.authenticator.code() })
  }
  return { ...setting, flow, say, enroll, screen: () => screenOf(flow.getSnapshot()) }
}

describe('the sessions', () => {
  test('are read again once OTP was turned on: a portal may have replaced the one in use', async () => {
    const { portal, requestsSince, enroll, say, screen } = await atFactors()
    await enroll()
    portal.update((draft) => {
      for (const session of draft.sessions) if (!session.isCurrent) session.deviceInfo = 'The one that replaced it'
    })
    requestsSince()
    await say({ type: 'step.finish' })
    expect(requestsSince()).toContain('listSessions')
    const shown = screen()
    expect(shown.name === 'sessions' && shown.rows.some((row) => row.deviceInfo === 'The one that replaced it')).toBe(
      true,
    )
  })

  test('are not read again where OTP stayed as it was', async () => {
    const { requestsSince, say, screen } = await atFactors()
    requestsSince()
    await say({ type: 'step.finish' })
    expect(screen().name).toBe('sessions')
    expect(requestsSince()).not.toContain('listSessions')
  })

  test('are not read for nobody: no step to come shows them', async () => {
    const { requestsSince, enroll, say, screen } = await atFactors({ order: ['sessions', 'mfa'] })
    await say({ type: 'step.finish' })
    await enroll()
    requestsSince()
    await say({ type: 'step.finish' })
    expect(screen().name).toBe('completed')
    expect(requestsSince()).not.toContain('listSessions')
  })
})

const languages: readonly (readonly [string, MessageTexts])[] = [
  englishMessages,
  germanMessages,
  japaneseMessages,
  vietnameseMessages,
  chineseMessages,
  traditionalChineseMessages,
].map((texts) => [texts.locale, texts])

describe('signed out after a write whose reply was lost', () => {
  async function signedOut() {
    const setting = await atFactors()
    const { portal, say } = setting
    await say({ type: 'otp.enrol' })
    portal.fault('verifyOtp', 'loseReply')
    portal.fault('listMfaMethods', { status: 401 }, { times: 9 })
    await say({ type: 'code.submit', code: await portal.authenticator.code() })
    const screen = setting.screen()
    if (screen.name !== 'signedOut' || screen.output.failure === null) throw new Error(`On screen is ${screen.name}`)
    return screen.output.failure
  }

  test('the failure says that the change may have taken place, and promises no later check', async () => {
    expect(await signedOut()).toMatchObject({ kind: 'unauthorized', effect: 'unknown', retryAt: null })
  })

  test.each(languages)('and so does its text: %s', async (_, texts) => {
    const failure = await signedOut()
    const { failureText } = createMessages(texts)
    const known = failureText({ ...failure, effect: 'none' })
    expect(failureText(failure)).not.toBe(known)
    expect(failureText(failure)).not.toBe(failureText({ ...failure, retryAt: 0 }))
  })
})
