import { describe, expect, it } from 'vitest'
import { PortalError } from '../../../src/domain/failure.ts'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { seal } from '../../../src/domain/sealed.ts'
import { createSetting, failureOf, success } from '../stub-portal.ts'

const INVITATION = 'a1b2c3d4'
const badIds = [undefined, null, '', ' ', 'a b', 'a\nb', '.', '..', '\ud800', 7, {}, 'x'.repeat(257), 'a\u0000']

type Case = readonly [method: keyof PortalApi, input: unknown, field: string]

const cases: readonly Case[] = [
  ...badIds.flatMap((id): Case[] => [
    ['terminateSession', { sessionId: id }, 'sessionId'],
    ['acceptInvitation', { invitationBizId: id }, 'invitationBizId'],
    ['declineInvitation', { invitationBizId: id }, 'invitationBizId'],
    ['setDefaultWorkspace', { workspaceBizId: id }, 'workspaceBizId'],
  ]),
  ['acceptInvitation', undefined, 'invitationBizId'],
  ['acceptInvitation', null, 'invitationBizId'],
  ['declineInvitation', { invitationBizId: INVITATION, reason: 7 }, 'reason'],
  ['declineInvitation', { invitationBizId: INVITATION, reason: null }, 'reason'],
  ...[
    undefined,
    '',
    '12345',
    '1234567',
    'abcdef',
    123456,
    '12345a',
    '٤٨٢٩١',
    '+482916',
    '²²²²²²',
    seal('12345'),
    null,
  ].map((code): Case => ['verifyOtp', { code }, 'code']),
  ['verifyOtp', undefined, 'code'],
  ['replaceIpWhitelist', undefined, 'entries'],
  ['replaceIpWhitelist', { entries: null }, 'entries'],
  ['replaceIpWhitelist', { entries: '10.0.0.1' }, 'entries'],
  ['replaceIpWhitelist', { entries: ['203.0.113.10', 'nonsense'] }, 'entries[1]'],
  ['replaceIpWhitelist', { entries: ['300.1.1.1'] }, 'entries[0]'],
  ['replaceIpWhitelist', { entries: ['10.0.0.0/33'] }, 'entries[0]'],
  ['replaceIpWhitelist', { entries: [''] }, 'entries[0]'],
  ['replaceIpWhitelist', { entries: ['203.0.113.10', 7] }, 'entries[1]'],
]

const run = (api: PortalApi, method: keyof PortalApi, input: unknown, options?: object) =>
  (api[method] as (input: unknown, options?: object) => Promise<unknown>)(input, options)

describe('refused before anything is sent', () => {
  it.each(cases)('%s %j', async (method, input, field) => {
    const { api, sent } = createSetting(success(null))
    expect(await failureOf(run(api, method, input))).toEqual({
      kind: 'invalid',
      code: 'client.input',
      reason: null,
      status: null,
      retryable: false,
      retryAt: null,
      effect: 'none',
      field,
      requestId: null,
    })
    expect(sent).toEqual([])
  })

  it('a reason of 501 characters', async () => {
    const { api, sent } = createSetting(success(null))
    expect(
      await failureOf(api.declineInvitation({ invitationBizId: INVITATION, reason: 'x'.repeat(501) })),
    ).toMatchObject({ kind: 'invalid', code: 'client.reasonTooLong', field: 'reason', effect: 'none' })
    expect(sent).toEqual([])
  })

  it('a list with holes', async () => {
    const { api, sent } = createSetting(success([]))
    expect(await failureOf(api.replaceIpWhitelist({ entries: new Array(1) }))).toMatchObject({ field: 'entries[0]' })
    expect(sent).toEqual([])
  })

  it.each([{}, 'now', 7])('the signal %j', async (signal) => {
    const { api, sent } = createSetting(success([]))
    expect(await failureOf(run(api, 'listSessions', undefined, { signal }))).toMatchObject({
      kind: 'invalid',
      field: 'signal',
    })
    expect(sent).toEqual([])
  })

  it.each(['', 'a b', 'a\nb', 7, 'r-1', 'x'.repeat(36)])('the request id %j', async (requestId) => {
    const { api, sent } = createSetting(success([]))
    expect(await failureOf(run(api, 'listSessions', undefined, { requestId }))).toMatchObject({
      kind: 'invalid',
      field: 'requestId',
    })
    expect(sent).toEqual([])
  })

  it('never repeats what was given', async () => {
    const { api } = createSetting(success(null))
    const thrown = await api.verifyOtp({ code: 'hunter2' }).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(PortalError)
    expect(`${String(thrown)} ${JSON.stringify(thrown)} ${(thrown as Error).stack}`).not.toContain('hunter2')
  })
})

describe('accepted', () => {
  it.each<[keyof PortalApi, unknown]>([
    ['declineInvitation', { invitationBizId: INVITATION, reason: 'x'.repeat(500) }],
    ['declineInvitation', { invitationBizId: INVITATION, reason: undefined }],
    ['terminateSession', { sessionId: 'SESS…C_001' }],
    ['terminateSession', { sessionId: 'SESS...C_001' }],
  ])('%s %j', async (method, input) => {
    const { api, sent } = createSetting(success(null))
    await run(api, method, input)
    expect(sent).toHaveLength(1)
  })

  it('null for the signal and the request id, which is none', async () => {
    const { api, sent } = createSetting(success([]))
    expect(await api.listSessions(undefined, { signal: null, requestId: null })).toEqual([])
    expect(sent).toHaveLength(1)
  })

  it('an empty list of entries, and spaces around one', async () => {
    const { api, sent } = createSetting(success({ enabled: false, entries: [] }))
    await api.replaceIpWhitelist({ entries: [] })
    await api.replaceIpWhitelist({ entries: [' 203.0.113.10 ', '2001:db8::/32'] })
    expect(sent.map(({ body }) => body)).toEqual(['{"entries":[]}', '{"entries":["203.0.113.10","2001:db8::/32"]}'])
  })

  it('an entry that the portal listed itself, whatever we make of it', async () => {
    const { api, sent } = createSetting(success({ enabled: true, entries: [] }))
    const entries = ['10.0.0.1-10.0.0.9']
    await api.replaceIpWhitelist({ entries, asListed: true })
    expect(sent[0]?.body).toBe('{"entries":["10.0.0.1-10.0.0.9"]}')
    expect(await failureOf(api.replaceIpWhitelist({ entries }))).toMatchObject({ field: 'entries[0]' })
    expect(await failureOf(api.replaceIpWhitelist({ entries: [7] as never, asListed: true }))).toMatchObject({
      field: 'entries[0]',
    })
  })
})
