/** A row keeps what can be read; one that does not say which it is costs only itself. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { PortalApi } from '../../../src/domain/portal-api.ts'
import { createSetting, success } from '../stub-portal.ts'

const resultOf = <Result>(data: unknown, run: (api: PortalApi) => Promise<Result>) =>
  run(createSetting(success(data)).api)

const lists: Readonly<Record<string, (api: PortalApi) => Promise<object[] & { readonly unreadableRows?: number }>>> = {
  sessions: (api) => api.listSessions(),
  invitations: (api) => api.listInvitations(),
  workspaces: (api) => api.listWorkspaces(),
  factors: (api) => api.listMfaMethods(),
}

const good: Readonly<Record<string, object>> = {
  sessions: { sessionId: 'S', clientIp: '127.0.0.10', isCurrent: true },
  invitations: { bizId: 'I', workspaceBizId: 'W', invitationStatus: { code: 'PENDING' } },
  workspaces: { workspaceBizId: 'W', workspaceName: 'Acme' },
  factors: { mfaMethod: { code: 'OTP' }, isEnabled: true },
}

describe.each(Object.entries(lists))('of %s', (name, list) => {
  test.each([
    ['null', null],
    ['a number', 7],
    ['a text', 'S'],
    ['a list', []],
    ['nothing in it', {}],
    ['no id', { sessionId: null, bizId: null, invitationBizId: null, workspaceBizId: null, mfaMethod: null }],
    ['an empty id', { sessionId: '', bizId: '', workspaceBizId: '', mfaMethod: '' }],
    ['an id that cannot be sent back', { sessionId: 'a b', bizId: '..', workspaceBizId: '\n', mfaMethod: {} }],
    ['an id of another kind', { sessionId: {}, bizId: [], workspaceBizId: true, mfaMethod: { code: null } }],
  ])('a row with %s is left out and counted; the others stay', async (_, row) => {
    const rows = await resultOf([good[name], row], list)
    expect(rows).toHaveLength(1)
    expect(rows.unreadableRows).toBe(1)
  })

  test('where no row can be read, it is a list all the same', async () => {
    const rows = await resultOf([null, {}, 7], list)
    expect(rows).toHaveLength(0)
    expect(rows.unreadableRows).toBe(3)
  })

  test('where all can be read, nothing is counted', async () => {
    expect((await resultOf([good[name]], list)).unreadableRows).toBeUndefined()
    expect((await resultOf([], list)).unreadableRows).toBeUndefined()
  })

  test('whatever the rows are, none is lost without being counted', async () => {
    const anyRow = fc.oneof(fc.constant(good[name]), fc.jsonValue(), fc.record({ sessionId: fc.jsonValue() }))
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (data) => {
        const rows = await resultOf(data, list)
        const isUnique = ['invitations', 'workspaces'].includes(name)
        const repeated = isUnique ? Math.max(0, data.filter((row) => row === good[name]).length - 1) : 0
        expect(rows.length + (rows.unreadableRows ?? 0) + repeated).toBe(data.length)
      }),
    )
  })
})

test.each([
  ['invitations', 1],
  ['workspaces', 1],
  ['sessions', 2],
  ['factors', 2],
])('%s that come twice are %i: ids of sessions are masked, and there may be two passkeys', async (name, count) => {
  const list = lists[name] ?? (async () => [])
  const rows = await resultOf([good[name], null, good[name]], list)
  expect(rows).toHaveLength(count)
  expect(rows.unreadableRows).toBe(1)
})

describe('a session', () => {
  const row = { sessionId: 'S', clientIp: '127.0.0.10', isCurrent: true }
  const read = async (parts: object) => (await resultOf([{ ...row, ...parts }], (api) => api.listSessions()))[0]

  test.each([{ clientIp: null }, { clientIp: undefined }, { clientIp: '' }, { clientIp: 7 }, { clientIp: ['::1'] }])(
    'stays without its address: %j',
    async (parts) => {
      expect(await read(parts)).toEqual({ ...row, clientIp: null })
    },
  )

  test('takes the other name of the address where the first one says nothing', async () => {
    expect(await read({ clientIp: '', ipAddress: '127.0.0.11' })).toMatchObject({ clientIp: '127.0.0.11' })
  })

  test.each([
    ['true', true],
    [1, true],
    ['false', false],
    [0, false],
    [null, false],
    [undefined, false],
    ['yes', false],
    [{}, false],
  ])('is the one in use only where that is said: %j', async (isCurrent, expected) => {
    expect(await read({ isCurrent })).toEqual({ ...row, isCurrent: expected })
  })
})

describe('an invitation', () => {
  const row = { bizId: 'I', workspaceBizId: 'W', invitationStatus: { code: 'PENDING' }, canAccept: true }
  const read = async (parts: object) => (await resultOf([{ ...row, ...parts }], (api) => api.listInvitations()))[0]

  test('to a workspace that was deleted stays, and leads nowhere', async () => {
    expect(await read({ workspaceBizId: null, workspaceName: null })).toMatchObject({
      invitationBizId: 'I',
      workspaceBizId: null,
      workspaceName: '',
    })
  })

  test.each([null, undefined, {}, 7, { code: null, label: 'Pending' }])(
    'whose status is %j is open only where it can be accepted',
    async (invitationStatus) => {
      expect(await read({ invitationStatus })).toMatchObject({ status: 'UNKNOWN', canAccept: true })
      expect(await read({ invitationStatus, canAccept: null })).toMatchObject({ status: 'UNKNOWN', canAccept: false })
    },
  )

  test('keeps its status where that is a bare text', async () => {
    expect(await read({ invitationStatus: 'DECLINED', canAccept: 'false' })).toMatchObject({
      status: 'DECLINED',
      canAccept: false,
    })
  })
})

describe('a factor', () => {
  const read = (row: object) => resultOf([row], (api) => api.listMfaMethods())

  test.each([
    [
      { mfaMethod: 'OTP', isEnabled: true },
      { method: 'OTP', isEnabled: true, isPrimary: false },
    ],
    [{ mfaMethod: { code: 'OTP' } }, { method: 'OTP', isEnabled: false, isPrimary: false }],
    [
      { mfaMethod: { code: 'OTP' }, isEnabled: 1 },
      { method: 'OTP', isEnabled: true, isPrimary: false },
    ],
    [
      { mfaMethod: { code: 'OTP' }, isEnabled: 'on' },
      { method: 'OTP', isEnabled: false, isPrimary: false },
    ],
  ])('%j', async (row, expected) => {
    expect(await read(row)).toEqual([expected])
  })
})

describe('the reply to an accept', () => {
  const accept = (data: unknown) => resultOf(data, (api) => api.acceptInvitation({ invitationBizId: 'I' }))
  const said = { workspaceBizId: 'W', becameDefaultWorkspace: true, nextAction: 'CHOOSE_WORKSPACE' }

  test.each<[unknown, object]>([
    [{ ...said, nextAction: 'CHOOSE_WORKSPACE' }, {}],
    [{ ...said, nextAction: { code: 'CHOOSE_WORKSPACE' }, becameDefaultWorkspace: 'true' }, {}],
    [{ ...said, nextAction: null }, { nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
    [{ ...said, nextAction: { value: 10050403 } }, { nextAction: 'ENTER_ACCEPTED_WORKSPACE' }],
    [{ ...said, workspaceBizId: null }, { workspaceBizId: null }],
    [{ ...said, becameDefaultWorkspace: null }, { becameDefaultWorkspace: false }],
  ])('is understood for what it says: %j', async (data, parts) => {
    expect(await accept(data)).toEqual({ ...said, ...parts })
  })

  test.each([null, undefined, {}, [], 'ACCEPTED', 7])('is a success where it is %j', async (data) => {
    expect(await accept(data)).toEqual({
      workspaceBizId: null,
      becameDefaultWorkspace: false,
      nextAction: 'ENTER_ACCEPTED_WORKSPACE',
    })
  })
})

describe('a date', () => {
  const expiryOf = async (expiresAt: unknown) => {
    const row = { bizId: 'I', invitationStatus: 'PENDING', expiresAt }
    return (await resultOf([row], (api) => api.listInvitations()))[0]?.expiresAt
  }
  const activityOf = async (lastActiveAt: unknown) => {
    const row = { sessionId: 'S', clientIp: '127.0.0.10', isCurrent: true, lastActiveAt }
    return (await resultOf([row], (api) => api.listSessions()))[0]?.lastActiveAt
  }
  const then = Date.UTC(2030, 0, 2, 3, 4, 5)

  it.each([
    ['2030-01-02T03:04:05Z', then],
    ['2030-01-02T03:04:05.000000000Z', then],
    ['2030-01-02T03:04:05Z[UTC]', then],
    ['2030-01-02T04:04:05+01:00[Europe/Paris]', then],
    ['2030-01-02T03:04:05Z[Etc/UTC][u-ca=iso8601]', then],
    ['2030-01-02 03:04:05+00', then],
    [' 2030-01-02T03:04:05Z ', then],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
    [then, then],
    [then / 1000, then],
    [then / 1000 + 0.25, then + 250],
    [then * 1000, then],
  ])('%j is read', async (written, at) => {
    expect(await expiryOf(written)).toBe(at)
    expect(await activityOf(written)).toBe(at)
  })

  it.each([
    '',
    ' ',
    'soon',
    '2030-01-02',
    '2030-13-01T00:00:00Z',
    '2030-01-02T03:04:05[Europe/Paris]',
    '03:04:05Z',
    '1970-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.001Z',
    [2030, 1, 2, 3, 4],
    { seconds: 1893553445 },
    true,
    0,
    -1,
    0.5,
    9e15,
    8.64e15,
    -8.64e15 - 1,
    Number.MAX_VALUE,
    253_402_300_799_000,
  ])('%j is none, and the row stays', async (written) => {
    expect(await expiryOf(written)).toBeNull()
    expect(await activityOf(written)).toBeUndefined()
  })

  test('whatever is read of it, a `Date` can hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.double(), fc.maxSafeInteger(), fc.date().map(String), fc.string()),
        async (written) => {
          const at = await activityOf(written)
          if (at !== undefined) expect(() => new Intl.DateTimeFormat('en').format(at)).not.toThrow()
        },
      ),
    )
  })

  test('a limit that cannot be read does not make it expired', async () => {
    const row = { bizId: 'I', invitationStatus: 'PENDING', expiresAt: 0 }
    expect(await resultOf([row], (api) => api.listInvitations())).toMatchObject([
      { status: 'PENDING', canAccept: true },
    ])
  })
})
