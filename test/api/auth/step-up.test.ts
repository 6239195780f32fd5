import { describe, expect, it } from 'vitest'
import type { PortalApiOptions, RequestTrace, StepUpHook, StepUpQuestion } from '../../../src/api/index.ts'
import { createSetting as createWholeSetting } from '../../support/setting.ts'
import { turn } from '../../support/test-clock.ts'
import { createSetting, failureOf, hang, refusal, success } from '../stub-portal.ts'

const HEADER = 'X-Mfa-Token'
const SECRET = 'proof-hunter2'
const demanded = refusal(403, 'ACCESS.MFA_REQUIRED')
const accepted = success(null)
const given = async () => ({ [HEADER]: SECRET })

/** A host that asks its user, and answers when the test says so. */
function askedHost() {
  const questions: StepUpQuestion[] = []
  const answers: { give(headers: unknown): void; refuse(error: unknown): void }[] = []
  const stepUp = (question: StepUpQuestion) => {
    questions.push(question)
    return new Promise<Record<string, string>>((resolve, reject) => {
      answers.push({ give: resolve as (headers: unknown) => void, refuse: reject })
    })
  }
  return { questions, answers, stepUp }
}

describe('the portal demands more proof', () => {
  it.each([
    'ACCESS.MFA_REQUIRED',
    'ACCESS.RISK_CHALLENGE_REQUIRED',
    'ACCESS.MFA_TOKEN_EXPIRED',
    'ACCESS.MFA_TOKEN_INVALID',
  ])('%s: the host is asked, and the write repeated with its headers under the same request id', async (code) => {
    const questions: unknown[] = []
    const stepUp = async ({ operation, code }: StepUpQuestion) => {
      questions.push([operation, code])
      return { [HEADER]: SECRET }
    }
    const { api, sent } = createSetting([refusal(403, code), accepted], { stepUp })
    await api.declineInvitation({ invitationBizId: 'I', reason: 'Not mine' })
    expect(questions).toEqual([['declineInvitation', code]])
    expect(sent.map(({ headers }) => headers.get(HEADER))).toEqual([null, SECRET])
    expect(new Set(sent.map(({ headers }) => headers.get('X-Request-Id'))).size).toBe(1)
    expect(sent[1]?.body).toBe(sent[0]?.body)
  })

  it('a read is repeated likewise', async () => {
    const { api, sent } = createSetting([demanded, success([])], { stepUp: given })
    expect(await api.listSessions()).toEqual([])
    expect(sent.map(({ headers }) => headers.get(HEADER))).toEqual([null, SECRET])
  })

  it('no header is needed where the portal knows by itself', async () => {
    const { api, sent } = createSetting([demanded, accepted], { stepUp: async () => ({}) })
    await api.revokeOtp()
    expect(sent).toHaveLength(2)
  })

  it('the next write is asked about again: a proof is for one', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api, sent } = createSetting([demanded, accepted, demanded, accepted], { stepUp })
    for (const time of [0, 1]) {
      const revoked = api.revokeOtp()
      while (answers.length === time) await turn()
      answers[time]?.give({ [HEADER]: `proof-${time}` })
      await revoked
    }
    expect(questions).toHaveLength(2)
    expect(sent.map(({ headers }) => headers.get(HEADER))).toEqual([null, 'proof-0', null, 'proof-1'])
  })

  it('the proof stays with the write when a new token is needed after it', async () => {
    const options: Partial<PortalApiOptions> = { stepUp: given, refreshAccessToken: async () => 'token-2' }
    const { api, sent } = createSetting([demanded, refusal(401, '4010'), accepted], options)
    await api.revokeOtp()
    expect(sent.map(({ headers }) => [headers.get('Authorization'), headers.get(HEADER)])).toEqual([
      ['Bearer token-1', null],
      ['Bearer token-1', SECRET],
      ['Bearer token-2', SECRET],
    ])
  })

  it.each(['Authorization', 'content-type', 'X-Request-Id', 'X-PORTAL-ACCESS-CODE', 'X-Client-Hash', 'X-LOCALE'])(
    '%s of the host is dropped: it replaces none of ours',
    async (name) => {
      const { api, sent } = createSetting([demanded, accepted], {
        stepUp: async () => ({ [name]: 'theirs', [HEADER]: SECRET }),
      })
      await api.revokeOtp()
      expect(sent[1]?.headers.get(name)).toBe(sent[0]?.headers.get(name))
      expect(sent[1]?.headers.get(HEADER)).toBe(SECRET)
    },
  )

  it('nor does it replace the header of the channel', async () => {
    const { api, sent } = createSetting([demanded, accepted], {
      secureChannel: { sessionId: () => 'sess_1' },
      stepUp: async () => ({ 'X-Secure-Channel-Session-Id': 'theirs' }),
    })
    await api.revokeOtp()
    expect(sent[1]?.headers.get('X-Secure-Channel-Session-Id')).toBe('sess_1')
  })

  it('it replaces a header of the option `headers`', async () => {
    const { api, sent } = createSetting([demanded, accepted], { headers: { [HEADER]: 'none' }, stepUp: given })
    await api.revokeOtp()
    expect(sent.map(({ headers }) => headers.get(HEADER))).toEqual(['none', SECRET])
  })
})

describe('there is no proof', () => {
  it('without a hook the refusal is final, and nothing was done', async () => {
    const { api, sent } = createSetting(demanded)
    expect(await failureOf(api.revokeOtp())).toMatchObject({
      kind: 'forbidden',
      code: 'ACCESS.MFA_REQUIRED',
      effect: 'none',
    })
    expect(sent).toHaveLength(1)
  })

  it('refused once more, the write is not repeated a second time', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api, sent } = createSetting([demanded, refusal(403, 'ACCESS.MFA_TOKEN_INVALID')], { stepUp })
    const failure = failureOf(api.revokeOtp())
    while (answers.length === 0) await turn()
    answers[0]?.give({ [HEADER]: 'wrong' })
    expect(await failure).toMatchObject({ kind: 'forbidden', code: 'ACCESS.MFA_TOKEN_INVALID', effect: 'none' })
    expect(sent).toHaveLength(2)
    expect(questions).toHaveLength(1)
  })

  const wordy = new Error(SECRET)
  it.each<[string, () => unknown, object]>([
    ['the user does not want to', async () => null, { code: 'client.stepUpDeclined', field: null }],
    ['the hook rejects', () => Promise.reject(wordy), { code: 'client.stepUpFailed', field: null }],
    [
      'the hook throws',
      () => {
        throw wordy
      },
      { code: 'client.stepUpFailed', field: null },
    ],
    ['nothing', async () => undefined, { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a token alone', async () => SECRET, { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a list', async () => [SECRET], { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a Headers', async () => new Headers({ a: SECRET }), { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a value on two lines', async () => ({ a: `${SECRET}\nb` }), { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a name with a space', async () => ({ 'a b': SECRET }), { code: 'client.stepUpFailed', field: 'stepUp' }],
    ['a number', async () => ({ a: 7, b: SECRET }), { code: 'client.stepUpFailed', field: 'stepUp' }],
  ])('%s: it is said, nothing was done, and nothing is told of it', async (_what, hook, expected) => {
    const { api, sent } = createSetting(demanded, { stepUp: hook as StepUpHook })
    const thrown: unknown = await api.revokeOtp().catch((error: unknown) => error)
    const failure = await failureOf(Promise.reject(thrown))
    const requestId = sent[0]?.headers.get('X-Request-Id')
    expect(failure).toMatchObject({ kind: 'forbidden', effect: 'none', requestId, ...expected })
    expect(sent).toHaveLength(1)
    expect(`${JSON.stringify(failure)} ${(thrown as Error).stack}`).not.toContain(SECRET)
  })

  it('a caller that does not wait any more withdraws the question, and nothing was done', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api, sent } = createSetting(demanded, { stepUp })
    const caller = new AbortController()
    const failure = failureOf(api.revokeOtp(undefined, { signal: caller.signal }))
    while (answers.length === 0) await turn()
    expect(questions[0]?.signal.aborted).toBe(false)
    caller.abort()
    expect(await failure).toMatchObject({ code: 'client.aborted', effect: 'none' })
    expect(questions[0]?.signal.aborted).toBe(true)
    answers[0]?.give({ [HEADER]: SECRET })
    await turn()
    expect(sent).toHaveLength(1)
  })

  it('after that, the next one is asked about anew', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api } = createSetting([demanded, demanded, accepted], { stepUp })
    const caller = new AbortController()
    const failure = failureOf(api.revokeOtp(undefined, { signal: caller.signal }))
    while (answers.length === 0) await turn()
    caller.abort()
    await failure
    const revoked = api.revokeOtp()
    while (answers.length === 1) await turn()
    answers[1]?.give({ [HEADER]: SECRET })
    await revoked
    expect(questions.map(({ signal }) => signal.aborted)).toEqual([true, false])
  })

  it.each([
    ['a 500 with that code', refusal(500, 'ACCESS.MFA_REQUIRED')],
    ['no permission', refusal(403, 'ACCESS.PERMISSION_DENIED')],
    ['a wrong code', refusal(400, 'ACCESS.MFA_CODE_INVALID')],
  ])('%s asks nobody', async (_what, reply) => {
    const { questions, stepUp } = askedHost()
    const { api } = createSetting(reply, { stepUp })
    await failureOf(api.revokeOtp())
    expect(questions).toEqual([])
  })
})

describe('several at once', () => {
  it('wait for one answer, and one that gives up does not take it from the others', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api, sent } = createSetting([demanded, demanded, demanded, accepted, success({})], { stepUp })
    const caller = new AbortController()
    const given = [
      failureOf(api.revokeOtp(undefined, { signal: caller.signal })),
      api.declineInvitation({ invitationBizId: 'I' }),
      api.setDefaultWorkspace({ workspaceBizId: 'W' }),
    ]
    while (sent.length < 3 || answers.length === 0) await turn()
    await turn()
    caller.abort()
    await turn()
    expect(questions[0]?.signal.aborted).toBe(false)
    answers[0]?.give({ [HEADER]: SECRET })
    await Promise.all(given)
    expect(questions).toHaveLength(1)
    expect(sent.slice(3).map(({ headers }) => headers.get(HEADER))).toEqual([SECRET, SECRET])
  })

  it('all fail where it is not given', async () => {
    const { questions, answers, stepUp } = askedHost()
    const { api, sent } = createSetting(demanded, { stepUp })
    const failures = [failureOf(api.revokeOtp()), failureOf(api.declineInvitation({ invitationBizId: 'I' }))]
    while (sent.length < 2 || answers.length === 0) await turn()
    await turn()
    answers[0]?.give(null)
    expect((await Promise.all(failures)).map(({ code }) => code)).toEqual([
      'client.stepUpDeclined',
      'client.stepUpDeclined',
    ])
    expect(questions).toHaveLength(1)
  })
})

describe('who watches', () => {
  it('hears when the user is asked and when that is over, before the write leaves again', async () => {
    const heard: unknown[] = []
    const { api } = createSetting(
      [
        () => {
          heard.push('sent')
          return new Response(JSON.stringify(demanded.json), { status: 403 })
        },
        () => {
          heard.push('sent')
          return Response.json(accepted.json)
        },
      ],
      { stepUp: given },
    )
    await api.revokeOtp(undefined, { onStepUp: (isAsked) => heard.push(isAsked) })
    expect(heard).toEqual(['sent', true, false, 'sent'])
  })

  it('hears that it is over where there is no proof', async () => {
    const heard: boolean[] = []
    const { api } = createSetting(demanded, { stepUp: async () => null })
    await failureOf(api.revokeOtp(undefined, { onStepUp: (isAsked) => heard.push(isAsked) }))
    expect(heard).toEqual([true, false])
  })

  it('has to be a function', async () => {
    const { api, sent } = createSetting(success([]))
    const options = { onStepUp: 'yes' } as object
    expect(await failureOf(api.listSessions(undefined, options))).toMatchObject({ kind: 'invalid', field: 'onStepUp' })
    await api.listSessions(undefined, { onStepUp: null })
    expect(sent).toHaveLength(1)
  })

  it('the traces tell of two requests, and of no header', async () => {
    const traces: RequestTrace[] = []
    const { api } = createSetting([demanded, accepted], { stepUp: given, onRequest: (trace) => traces.push(trace) })
    await api.revokeOtp()
    expect(traces.map(({ attempt, failureKind }) => [attempt, failureKind])).toEqual([
      [1, 'forbidden'],
      [2, null],
    ])
    expect(JSON.stringify(traces)).not.toMatch(/hunter2|Mfa-Token/i)
  })
})

it('the timeout is one of requests: the user may take as long as they want', async () => {
  const { answers, stepUp } = askedHost()
  const { api, clock } = createSetting([demanded, accepted], { stepUp, timeoutMs: 10_000 })
  const revoked = api.revokeOtp()
  while (answers.length === 0) await turn()
  await clock.advance(3_600_000)
  answers[0]?.give({ [HEADER]: SECRET })
  await revoked
})

it('a read waits for a minute at most: nobody could give up what is busy', async () => {
  const { questions, answers, stepUp } = askedHost()
  const { api, clock, sent } = createSetting(demanded, { stepUp })
  const failure = failureOf(api.getIpWhitelist())
  while (answers.length === 0) await turn()
  await clock.advance(60_000)
  expect(questions[0]?.signal.aborted).toBe(true)
  expect(await failure).toMatchObject({ code: 'client.stepUpDeclined', effect: 'none', retryable: true })
  expect(sent).toHaveLength(1)
})

it('a write that waits for the same answer keeps the question on the screen', async () => {
  const { questions, answers, stepUp } = askedHost()
  const { api, clock } = createSetting([demanded, demanded, accepted], { stepUp })
  const failure = failureOf(api.getIpWhitelist())
  while (answers.length === 0) await turn()
  const revoked = api.revokeOtp()
  for (let turns = 0; turns < 10; turns++) await turn()
  await clock.advance(60_000)
  expect((await failure).code).toBe('client.stepUpDeclined')
  expect(questions.map(({ signal }) => signal.aborted)).toEqual([false])
  answers[0]?.give({ [HEADER]: SECRET })
  await revoked
})

it('the repeat has a timeout as well, and its outcome is open then', async () => {
  const { api, clock, sent } = createSetting([demanded, hang], { stepUp: given, timeoutMs: 10_000 })
  const failure = failureOf(api.revokeOtp())
  while (sent.length < 2) await turn()
  await clock.advance(10_000)
  expect(await failure).toMatchObject({ kind: 'timeout', effect: 'unknown' })
})

it('works through the encrypted channel', async () => {
  const { api, portal, whileTimePasses } = createWholeSetting({
    portal: { stepUp: { operations: ['replaceIpWhitelist'], header: HEADER, token: SECRET } },
    api: { stepUp: given },
  })
  await whileTimePasses(api.replaceIpWhitelist({ entries: ['203.0.113.10'] }))
  expect(portal.account.ipWhitelist.entries).toEqual(['203.0.113.10'])
  expect(portal.processed('replaceIpWhitelist')).toBe(1)
})
