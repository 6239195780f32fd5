/** Addresses and entries as portals of the real world show them: who is covered by what, and what is sent back. */
import type { AccountOverrides, BehaviorChanges } from 'postlogin/testing'
import { describe, expect, test } from 'vitest'
import { openEditor } from '../support/editor.ts'
import { createSetting } from '../support/setting.ts'

const here = '203.0.113.10'
const ALL = ['0.0.0.0/0', '::/0']

/** The user, whose session in use the portal shows at the first address, and other sessions at the rest. */
const seenAt = (...addresses: readonly string[]): AccountOverrides => ({
  sessions: addresses.map((clientIp, index) => ({ sessionId: `SESSION_${index}`, clientIp, isCurrent: index === 0 })),
})

async function edit(account: AccountOverrides, behavior: BehaviorChanges = {}) {
  const setting = createSetting({ portal: { account } })
  setting.portal.configure(behavior)
  const editor = await openEditor(setting)
  return {
    ...editor,
    row: (value: string) => editor.state().draft.find((row) => row.value === value),
    sentEntries: () =>
      editor.portal.requests
        .filter(({ operation }) => operation === 'replaceIpWhitelist')
        .map(({ body }) => (body as { entries: string[] }).entries),
    /** Null, or the question that is asked. */
    async enable(...values: readonly string[]) {
      await editor.perform({ type: 'entries.replace', values })
      await editor.perform({ type: 'whitelist.enable' })
      return editor.place()
    },
  }
}

describe('where the user comes from', () => {
  test.each([
    ['with a port', '203.0.113.10:51544', here],
    ['with brackets and a port', '[2001:db8::7]:443', '2001:db8::7'],
    ['before its proxies', '203.0.113.10, 10.0.0.2', here],
    ['before a proxy that hides', '203.0.113.10,unknown', here],
    ['with ports, before its proxies', '203.0.113.10:51544, 10.0.0.2:80, 10.0.0.3:80', here],
    ['as IPv4 in IPv6', '::ffff:203.0.113.10', here],
    ['with a zone', '2001:db8::7%en0', '2001:db8::7'],
  ])('is read for what it is, %s', async (_, clientIp, address) => {
    const { state, enable, inForce } = await edit(seenAt(clientIp))
    expect(state().assessment.currentAddress).toBe(address)
    expect(await enable('198.51.100.0/24')).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ code: 'client.lockout' })
    expect(await enable(address)).toBe('confirming.deciding.awaiting')
    expect(inForce()).toEqual({ enabled: true, entries: [address] })
  })

  test.each([
    ['its proxy’s', '10.0.0.2'],
    ['its proxy’s on the same machine', '127.0.0.1'],
    ['its proxy’s on the same machine, over IPv6', '0:0:0:0:0:0:0:1'],
    ['a link-local one with its zone', 'fe80::1%eth0'],
    ['a link-local one of IPv4', '169.254.7.7'],
    ['a carrier’s', '100.64.3.4'],
    ['a unique-local one', 'fd12:3456::7'],
    ['a private one with a port', '192.168.1.7:51544'],
    ['a private one before another', '10.0.0.2, 203.0.113.10'],
    ['a private one as IPv4 in IPv6', '::ffff:172.16.0.9'],
  ])(
    'is not known where the portal shows %s: whatever the list holds, the user has to take the risk',
    async (_, clientIp) => {
      const { state, enable, inForce } = await edit(seenAt(clientIp))
      const { currentAddress } = state().assessment
      expect(await enable(...ALL, currentAddress ?? here)).toBe('making.confirmingRisk')
      expect(state().assessment).toMatchObject({ lockout: 'unknown' })
      expect(inForce().enabled).toBe(false)
    },
  )

  test.each(['unknown', '203.0.113.*', 'localhost', '203.0.113.10/32', '203.0.113.10:99999', 'unknown, 203.0.113.10'])(
    'nor where it shows %j, which names nobody',
    async (clientIp) => {
      const { state, enable } = await edit(seenAt(clientIp))
      expect(state().assessment.currentAddress).toBeNull()
      expect(await enable(...ALL)).toBe('making.confirmingRisk')
    },
  )

  test.each(['all', 'none'] as const)(
    'nor where it marks %s of the sessions as the one in use',
    async (marksCurrent) => {
      const { state, enable } = await edit({}, { marksCurrent })
      expect(state().assessment.currentAddress).toBeNull()
      expect(await enable(here)).toBe('making.confirmingRisk')
    },
  )
})

describe('addresses that change by themselves', () => {
  const network = '2001:db8:1:2::/64'
  const today = '2001:db8:1:2::7'

  test('the user’s own IPv6 address alone lets the user in, and is said to be one of today; its network ends that', async () => {
    const { state, row, perform } = await edit(seenAt(today))
    await perform({ type: 'entry.add', value: today })
    expect(row(today)?.verdict).toBe('temporary')
    expect(state().assessment).toMatchObject({ lockout: 'covered', warnings: ['temporaryAddress'] })
    await perform({ type: 'entry.add', value: network })
    expect(row(today)?.verdict).toBe('covered')
    expect(state().assessment).toMatchObject({ lockout: 'covered', warnings: [] })
  })

  test('it is said anew when the user comes from another one', async () => {
    const { state, row, perform, portal } = await edit({ ...seenAt(here), ipWhitelist: { entries: [today, here] } })
    expect(row(today)?.verdict).toBe('address')
    portal.moveTo(today)
    await perform({ type: 'retry' })
    expect(row(today)?.verdict).toBe('temporary')
    expect(state().assessment.warnings).toEqual(['temporaryAddress'])
  })

  test.each([
    ['IPv4 listed, the phone on IPv6', [here, '2001:db8:9::1'], [here], '2001:db8:9::/64'],
    ['IPv6 listed, the phone on IPv4', [today, '198.51.100.90'], [network], '198.51.100.90'],
    [
      'IPv4 listed, the phone on IPv6 with its port',
      [here, '[2001:db8:9::1]:443'],
      ['203.0.113.0/24'],
      '2001:db8::/32',
    ],
  ])('one family only is said, and no longer with the other beside it: %s', async (_, addresses, entries, other) => {
    const { state, perform } = await edit(seenAt(...addresses))
    await perform({ type: 'entries.replace', values: entries })
    expect(state().assessment).toMatchObject({ lockout: 'covered', warnings: ['otherFamily'] })
    await perform({ type: 'entry.add', value: other })
    expect(state().assessment.warnings).toEqual([])
  })
})

describe('entries that let everybody in', () => {
  test.each([
    ['halves', ['0.0.0.0/1', '128.0.0.0/1']],
    ['quarters', ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2']],
    ['all of IPv6 that is assigned', ['2000::/3', here]],
    ['all of it', ['0.0.0.0/0']],
  ])('in %s are said to, before they are enabled', async (_, values) => {
    const { state, enable } = await edit(seenAt(here))
    expect(await enable(...values)).toBe('confirming.deciding.awaiting')
    expect(state().assessment.warnings).toEqual(['everybody'])
    expect(state().draft[0]?.verdict).toBe('everything')
  })

  test('::ffff:203.0.113.10/24 is not one of them: it is not sent before it is said what is meant', async () => {
    const { state, row, enable, sentEntries } = await edit(seenAt(here))
    expect(await enable('::ffff:203.0.113.10/24')).toBe('drafting.editing')
    expect(row('::ffff:203.0.113.10/24')).toMatchObject({ normalized: null, verdict: 'ambiguous' })
    expect(state().failure).toMatchObject({ code: 'client.entriesInvalid' })
    expect(sentEntries()).toEqual([])
    expect(await enable('::ffff:203.0.113.10/120')).toBe('confirming.deciding.awaiting')
    expect(sentEntries()).toEqual([['203.0.113.0/24']])
  })
})

describe('entries that the portal has and nobody here can read', () => {
  const odd = ['198.51.100.1-198.51.100.9', '198.51.100.*', '198.51.100.0/255.255.255.0', 'vpn.example.com']

  test('go back untouched when something else is saved', async () => {
    const { state, perform, sentEntries, inForce } = await edit({ ipWhitelist: { entries: [...odd, '192.0.2.9/32'] } })
    expect(state().draft.map(({ verdict }) => verdict)).toEqual([...odd.map(() => 'unreadable'), 'address'])
    await perform({ type: 'entry.add', value: here })
    await perform({ type: 'whitelist.save' })
    expect(sentEntries()).toEqual([[...odd, '192.0.2.9', here]])
    expect(inForce().entries).toEqual([...odd, '192.0.2.9', here])
    expect(state()).toMatchObject({ failure: null, whitelist: { entries: [...odd, '192.0.2.9', here] } })
  })

  test('go back untouched when the list is enabled, and when that is undone', async () => {
    const { state, enable, perform, inForce } = await edit({ ipWhitelist: { entries: odd } })
    expect(await enable(...odd, here)).toBe('confirming.deciding.awaiting')
    expect(inForce()).toEqual({ enabled: true, entries: [...odd, here] })
    await perform({ type: 'change.undo' })
    expect(inForce()).toEqual({ enabled: false, entries: odd })
    expect(state()).toMatchObject({ notice: 'changeUndone', failure: null })
  })

  test.each(odd)('%s can be removed', async (entry) => {
    const { row, perform, sentEntries } = await edit({ ipWhitelist: { entries: [entry, here] } })
    await perform({ type: 'entry.remove', id: row(entry)?.id ?? '' })
    await perform({ type: 'whitelist.save' })
    expect(sentEntries()).toEqual([[here]])
  })

  test.each(odd)('%s alone is nothing to be enabled', async (entry) => {
    const { perform, state, sentEntries, portal } = await edit({ ipWhitelist: { entries: [entry] } })
    await perform({ type: 'whitelist.enable' })
    expect(state().failure).toMatchObject({ code: 'client.entriesMissing' })
    expect(sentEntries()).toEqual([])
    expect(portal.processed('enableIpWhitelist')).toBe(0)
  })

  test('cover nobody: without another entry that does, enabling is refused', async () => {
    const { enable, state } = await edit({ ...seenAt('198.51.100.7'), ipWhitelist: { entries: odd } })
    expect(await enable(...odd, here)).toBe('drafting.editing')
    expect(state().failure).toMatchObject({ code: 'client.lockout' })
  })

  test('do not keep the list from being switched off', async () => {
    const { perform, state, inForce } = await edit({ ipWhitelist: { enabled: true, entries: odd } })
    expect(state().draft.map(({ verdict }) => verdict)).toEqual(odd.map(() => 'unreadable'))
    await perform({ type: 'whitelist.disable' })
    expect(inForce()).toEqual({ enabled: false, entries: odd })
    expect(state()).toMatchObject({ failure: null, whitelist: { enabled: false } })
  })

  test('what is typed and is like them, and was never stored, goes as the ranges that it says', async () => {
    const { row, perform, sentEntries } = await edit({ ipWhitelist: { entries: odd } })
    await perform({ type: 'entries.replace', values: [...odd, '198.51.101.*', '198.51.102.6 - 198.51.102.8'] })
    expect(row('198.51.101.*')?.verdict).toBe('wildcard')
    await perform({ type: 'whitelist.save' })
    expect(sentEntries()).toEqual([[...odd, '198.51.101.0/24', '198.51.102.6/31', '198.51.102.8']])
  })

  test('an entry that says nothing is left out, and is no difference', async () => {
    const setting = createSetting()
    const entries = ['', here, null, '  ', odd[0]]
    const body = JSON.stringify({ code: '2000', message: 'SUCCESS', data: { enabled: false, entries } })
    setting.portal.fault('getIpWhitelist', { status: 200, body })
    const { state } = await openEditor(setting)
    expect(state().draft.map(({ value }) => value)).toEqual([here, odd[0]])
    expect(state().whitelist).toEqual({ enabled: false, entries: [here, odd[0]] })
  })
})
