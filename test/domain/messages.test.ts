import fc from 'fast-check'
import type { CodeDoubt, InvitationsContext, IpWhitelistContext, MfaContext, OtpEnrollmentContext } from 'postlogin'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type ClientKey,
  clientCodes,
  clientFailure,
  type Effect,
  type Failure,
  type FailureKind,
  type FailureReason,
  failure,
} from '../../src/domain/failure.ts'
import {
  type BlockedKey,
  createMessages,
  type MessageOverrides,
  type MessageTexts,
  type Notice,
} from '../../src/domain/messages.ts'
import { chineseMessages } from '../../src/domain/messages-chinese.ts'
import { traditionalChineseMessages } from '../../src/domain/messages-chinese-traditional.ts'
import { englishMessages } from '../../src/domain/messages-english.ts'
import { germanMessages } from '../../src/domain/messages-german.ts'
import { japaneseMessages } from '../../src/domain/messages-japanese.ts'
import { vietnameseMessages } from '../../src/domain/messages-vietnamese.ts'
import { textsOf } from '../support/texts.ts'

const all = [
  englishMessages,
  chineseMessages,
  traditionalChineseMessages,
  japaneseMessages,
  vietnameseMessages,
  germanMessages,
]
const named = all.map((messages) => [messages.locale, messages] as const)

const kinds = Object.keys(englishMessages.kind) as FailureKind[]
const reasons = Object.keys(englishMessages.reason) as FailureReason[]
const portalCodes = Object.keys(englishMessages.portal)
const clientKeys = Object.keys(clientCodes) as ClientKey[]
const effects: readonly Effect[] = ['none', 'done', 'unknown']

const anyCode = fc.oneof(
  fc.constantFrom(...clientKeys.map((key) => `client.${key}`)),
  fc.constantFrom(...portalCodes),
  fc.string(),
  fc.constantFrom('5000', 'client.toString', 'toString', '__proto__', 'client.__proto__', ''),
)

const anyFailure: fc.Arbitrary<Failure> = fc.record({
  kind: fc.constantFrom(...kinds),
  code: anyCode,
  reason: fc.option(fc.constantFrom(...reasons)),
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  retryable: fc.boolean(),
  retryAt: fc.option(fc.oneof(fc.nat(), fc.double())),
  effect: fc.constantFrom(...effects),
  field: fc.option(fc.oneof(fc.constantFrom('entries', 'data[0].sessionId'), fc.string())),
  requestId: fc.option(fc.oneof(fc.uuid(), fc.string())),
})

/** What is not a sentence. */
const isPart = (key: string) => key === 'detail.reference' || key === 'detail.between'

/** It begins with a capital in a script that has them, or with an address, is no mere word, and ends. */
const SENTENCE = /^(\p{Lu}.{8,}\.|[\p{Lo}\p{Lu}\d「].{3,}。)$/u

/** Does the text say that, be there a wait or none? */
function says(text: string, part: MessageTexts['effect'][Effect]) {
  const details = { code: null, field: null, requestId: null, effect: 'unknown' } as const
  const forms = typeof part === 'string' ? [part] : [null, 0].map((retryAt) => part({ ...details, retryAt }))
  return forms.some((form) => text.includes(form))
}

describe.each(named)('%s', (_, messages) => {
  test('has whole sentences, but for the reference', () => {
    const sentences = textsOf(messages).filter(([key]) => !isPart(key))
    expect(sentences.filter(([, text]) => !SENTENCE.test(text) || /undefined|null|NaN| {2}/.test(text))).toEqual([])
  })

  test('says in its texts all that they are made of', () => {
    const { failureText, hintText, unreadableRowsText, lockoutText } = createMessages(messages)
    const refused = { kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER', requestId: 'r-1' } as const
    expect(failureText(failure({ ...refused, field: 'reason' })).match(/reason/g)).toHaveLength(2)
    expect(failureText(failure(refused))).toMatch(/\[VALIDATION\.INVALID_PARAMETER, [^\]]+ r-1\]$/)
    const retryAt = new Date(2026, 10, 24, 14, 5, 7).getTime()
    for (const effect of ['none', 'unknown'] as const) {
      expect(failureText(failure({ kind: 'server', code: '5000', effect, retryAt }))).toContain('14:05:07')
    }
    expect(hintText({ kind: 'skewed', offsetMs: 90_000 })).toMatch(/1\D+30/)
    expect(hintText({ kind: 'skewed', offsetMs: 90_000 })).not.toBe(hintText({ kind: 'skewed', offsetMs: -90_000 }))
    expect(unreadableRowsText(1_200)).toMatch(/1[.,]200/)
    for (const lockout of ['covered', 'notCovered', 'unknown'] as const) {
      expect(lockoutText({ lockout, currentAddress: '203.0.113.7' })).toContain('203.0.113.7')
    }
  })

  test('says of every failure what happened and what became of the change', () => {
    const { failureText } = createMessages(messages)
    fc.assert(
      fc.property(anyFailure, (of) => {
        const text = failureText(of)
        expect(text).toMatch(/^(\p{Lu}.{10,}|[\p{Lo}「].{8,})/u)
        expect(text).not.toMatch(/undefined|\bnull\b|NaN|\[object| {2}|^ | $/)
        for (const effect of ['done', 'unknown'] as const) {
          expect(says(text, messages.effect[effect])).toBe(of.effect === effect)
        }
        if (of.effect === 'none') expect(says(text, messages.effect.none)).toBe(of.requestId !== null)
      }),
    )
  })

  test('does not advise to try again what may have taken effect, nor beside the time for it', () => {
    const { failureText } = createMessages(messages)
    const advised = ['network', 'timeout', 'server', 'protocol'] as const
    const ours = ['aborted', 'malformed', 'shape', 'encryptedReply', 'unexpected'] as const
    const failures = [
      ...advised.map((kind) => failure({ kind, code: '9999' })),
      ...ours.map((key) => clientFailure(key, 'protocol')),
    ]
    for (const of of failures) {
      const advice = failureText(of)
      for (const better of [{ effect: 'unknown' }, { effect: 'done' }, { retryAt: 1_000 }] as const) {
        const text = failureText({ ...of, ...better })
        const [what = ''] = /^.+?[.。]/.exec(advice) ?? []
        expect(text.startsWith(what)).toBe(true)
        expect(text).not.toContain(advice.replace(/ ?\[.*\]$/, ''))
      }
    }
  })

  test('shows nothing of what may be the text of a server, or of whoever writes to its log', () => {
    const { failureText, lockoutText } = createMessages(messages)
    const strange = fc
      .tuple(fc.constantFrom('a secret', 'Über', '<b>', '\u001b[2J', '\u202e', '"', '\n', 'x'.repeat(200)), fc.string())
      .map(([start, rest]) => `${start}${rest}`)
    fc.assert(
      fc.property(anyFailure, strange, (of, text) => {
        const safe = failureText({ ...of, code: 'no such code', field: null, requestId: null })
        expect(failureText({ ...of, code: text, field: null, requestId: null })).toBe(safe)
        expect(failureText({ ...of, code: 'X', field: text })).toBe(failureText({ ...of, code: 'X', field: null }))
        expect(lockoutText({ lockout: 'covered', currentAddress: text })).toBe(
          lockoutText({ lockout: 'covered', currentAddress: null }),
        )
      }),
    )
  })

  test('has every key of the other', () => {
    const keys = (of: MessageTexts) => [...new Set(textsOf(of).map(([key]) => key))].sort()
    expect(keys(messages)).toEqual(keys(englishMessages))
  })
})

test('no two languages have a sentence in common', () => {
  const sentences = named.flatMap(([, messages]) => {
    const own = textsOf(messages).flatMap(([key, text]) => (isPart(key) ? [] : [text]))
    return [...new Set(own)]
  })
  expect(sentences.filter((text, index) => sentences.indexOf(text) !== index)).toEqual([])
})

describe('the text of a failure', () => {
  const { failureText } = createMessages()

  test('of our own code is that of the code, whatever the kind', () => {
    for (const key of clientKeys) {
      const texts = kinds.filter((kind) => kind !== 'config').map((kind) => failureText(clientFailure(key, kind)))
      expect(new Set(texts)).toEqual(new Set([clientCodes[key]]))
    }
  })

  test.each<[string, Failure, string]>([
    [
      'a code of the portal, and what support asks for',
      failure({ kind: 'conflict', code: 'WORKSPACE.INVITATION_EXPIRED', requestId: 'r-1' }),
      'The invitation has expired. Ask for a new one. This attempt changed nothing. [WORKSPACE.INVITATION_EXPIRED, request r-1]',
    ],
    [
      'a code that nobody knows: its kind',
      failure({ kind: 'server', code: '5000', requestId: 'r-1', effect: 'unknown' }),
      'The portal is having problems. It is not known whether the change took effect. Check before you repeat it. [5000, request r-1]',
    ],
    [
      "another portal's code: its reason",
      failure({ kind: 'unauthorized', code: 'INVALID_CODE', reason: 'wrongCode', requestId: 'r-1' }),
      'The code is wrong or has expired. Wait for the next code, then enter it. This attempt changed nothing. [INVALID_CODE, request r-1]',
    ],
    [
      'a code that has a text, and a reason: the code',
      failure({ kind: 'forbidden', code: 'ACCESS.PERMISSION_DENIED', reason: 'proofMissing' }),
      'You do not have permission for this. Ask an administrator for it. [ACCESS.PERMISSION_DENIED]',
    ],
    [
      'a reason that nobody knows: the kind',
      { ...failure({ kind: 'server', code: '5000' }), reason: 'toString' as FailureReason },
      'The portal is having problems. Try again in a moment. [5000]',
    ],
    [
      'a code that nobody knows, of a request that never left',
      failure({ kind: 'conflict', code: 'client.moonPhase' }),
      'The portal refused because something changed in the meantime. Check the current state before you try again. [client.moonPhase]',
    ],
    [
      'a change that took effect',
      clientFailure('shape', 'protocol', { effect: 'done', requestId: 'r-1' }),
      'The reply lacks a field, or a field has the wrong type. If this keeps happening, report it. The change itself took effect, so do not repeat it.',
    ],
    [
      'the field that the portal names',
      failure({ kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER', field: 'reason' }),
      'The portal did not accept the value of “reason”. Correct it, then try again. [VALIDATION.INVALID_PARAMETER, reason]',
    ],
    [
      'no field, where the portal names none',
      failure({ kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER' }),
      'The portal did not accept a value. Correct it, then try again. [VALIDATION.INVALID_PARAMETER]',
    ],
    [
      'a code that cannot be shown: no empty brackets',
      failure({ kind: 'server', code: 'a code with blanks' }),
      clientCodes.server,
    ],
    [
      'settings: which',
      clientFailure('option', 'config', { field: 'baseUrl' }),
      'An option has an invalid value. Correct it. [client.option, baseUrl]',
    ],
    [
      'a wait: until when',
      clientFailure('rateLimited', 'rateLimited', { retryAt: new Date(2026, 10, 24, 9, 5, 7).getTime() }),
      'The portal asks you to wait before you try again. Try again at 09:05:07.',
    ],
    [
      'a change that may still take effect: when it is looked at again',
      failure({
        kind: 'server',
        code: '5000',
        requestId: 'r-1',
        effect: 'unknown',
        retryAt: new Date(2026, 10, 24, 9, 5, 7).getTime(),
      }),
      'The portal is having problems. It is not yet known whether the change took effect. It will be checked again at 09:05:07. [5000, request r-1]',
    ],
    [
      'a time that no clock shows',
      clientFailure('rateLimited', 'rateLimited', { retryAt: 1e300 }),
      'The portal asks you to wait before you try again.',
    ],
  ])('%s', (_, of, text) => {
    expect(failureText(of)).toBe(text)
  })

  test('in German', () => {
    const german = createMessages(germanMessages)
    const of = failure({
      kind: 'rateLimited',
      code: 'AUTH.TOO_MANY_ATTEMPTS',
      retryAt: new Date(2026, 10, 24, 14, 5).getTime(),
      requestId: 'r-1',
    })
    expect(german.failureText(of)).toBe(
      'Es waren zu viele Versuche. Das Portal bittet darum, vor dem nächsten Versuch zu warten. Dieser Versuch hat nichts geändert. Ab 14:05:00 Uhr können Sie es noch einmal versuchen. [AUTH.TOO_MANY_ATTEMPTS, Anfrage r-1]',
    )
    expect(german.failureText({ ...of, kind: 'timeout', code: 'client.timeout', effect: 'unknown' })).toContain(
      'Ob die Änderung wirksam geworden ist, ist noch nicht bekannt. Um 14:05:00 Uhr wird noch einmal nachgesehen.',
    )
  })
})

describe('the other texts', () => {
  const english = createMessages()
  const german = createMessages(germanMessages)

  test.each([
    [0, '0 seconds behind', '0 Sekunden nach'],
    [30_000, '30 seconds ahead', '30 Sekunden vor'],
    [-61_000, '1 minute, 1 second behind', '1 Minute, 1 Sekunde nach'],
    [3_600_000, '60 minutes ahead', '60 Minuten vor'],
  ])('of a clock that is %i ms off', (offsetMs, ours, theirs) => {
    expect(english.hintText({ kind: 'skewed', offsetMs })).toContain(`about ${ours}.`)
    expect(german.hintText({ kind: 'skewed', offsetMs })).toContain(`etwa ${theirs}.`)
  })

  test('of a code that the portal has refused: that it has, and what was wrong with it where that is known', () => {
    const refused = (doubt: CodeDoubt | null) => english.hintText({ kind: 'refused', doubt })
    const { hint } = englishMessages
    expect(refused(null)).toBe('The portal refused this code. Wait for the next one, then enter it.')
    expect(refused({ kind: 'wrong' })).toBe(refused(null))
    expect(refused({ kind: 'parametersIgnored' })).toBe(`${hint.refused} ${hint.parametersIgnored}`)
    expect(refused({ kind: 'skewed', offsetMs: -60_000 })).toBe(
      'The portal refused this code. The clock of your phone is about 1 minute behind. Set its time to automatic, then enter the next code.',
    )
  })

  test('are those of their key', () => {
    const english = createMessages()
    const german = createMessages(germanMessages)
    expect(english.hintText({ kind: 'malformed' })).toBe(englishMessages.hint.malformed)
    expect(english.hintText({ kind: 'wrong' })).toBe(
      'This code is wrong. Wait for the next one, then enter it. Or enter the same code again to let the portal decide.',
    )
    expect(german.hintText({ kind: 'parametersIgnored' })).toBe(
      `${germanMessages.hint.parametersIgnored} ${germanMessages.hint.insist}`,
    )
    for (const notice of Object.keys(englishMessages.notice) as Notice[]) {
      expect(german.noticeText(notice)).toBe(germanMessages.notice[notice])
    }
    for (const verdict of Object.keys(englishMessages.verdict) as (keyof MessageTexts['verdict'])[]) {
      expect(german.verdictText(verdict)).toBe(germanMessages.verdict[verdict])
    }
    for (const warning of Object.keys(englishMessages.warning) as (keyof MessageTexts['warning'])[]) {
      expect(english.warningText(warning)).toBe(englishMessages.warning[warning])
      expect(german.warningText(warning)).toBe(germanMessages.warning[warning])
    }
  })

  test('name the address where it is one', () => {
    const of = { lockout: 'notCovered', currentAddress: '2001:db8::7' } as const
    expect(english.lockoutText(of)).toBe(
      'Your address, 2001:db8::7, is not in the list, so the list would lock you out. Add it.',
    )
    expect(english.lockoutText({ lockout: 'unknown', currentAddress: null })).toContain('is not known')
    const proxied = { lockout: 'unknown', currentAddress: '10.0.0.2' } as const
    expect(english.lockoutText(proxied)).toMatch(/10\.0\.0\.2, a private address and probably its own proxy’s/)
    expect(german.lockoutText(proxied)).toMatch(
      /10\.0\.0\.2 kommen, einer privaten Adresse, wohl der seines eigenen Proxys/,
    )
  })
})

test('German names the field and the address, where there is one, and else does without', () => {
  const { failureText, lockoutText } = createMessages(germanMessages)
  const refused = { kind: 'invalid', code: 'VALIDATION.INVALID_PARAMETER' } as const
  expect(failureText(failure({ ...refused, field: 'reason' }))).toContain('den Wert von „reason“ nicht angenommen')
  expect(failureText(failure(refused))).toContain('einen Wert nicht angenommen')
  expect(failureText(failure({ kind: 'server', code: 'a code with blanks' }))).not.toContain('[')
  for (const lockout of ['covered', 'notCovered', 'unknown'] as const) {
    expect(lockoutText({ lockout, currentAddress: '203.0.113.7' })).toContain('203.0.113.7')
    expect(lockoutText({ lockout, currentAddress: null })).toMatch(/^(Die|Von welcher) Adresse/)
  }
})

test('English names the address, where there is one, and else does without', () => {
  const { lockoutText } = createMessages()
  for (const lockout of ['covered', 'notCovered', 'unknown'] as const) {
    expect(lockoutText({ lockout, currentAddress: '203.0.113.7' })).toContain('203.0.113.7')
    expect(lockoutText({ lockout, currentAddress: null })).toMatch(/^The address/)
  }
})

describe('why an action is not possible', () => {
  const blockedKeys = Object.keys(englishMessages.blocked) as BlockedKey[]

  test.each(named)('has a sentence in %s for each reason, also where it is a code of ours', (_, messages) => {
    const { blockedText } = createMessages(messages)
    const texts = [...blockedKeys, ...clientKeys].map((key) => blockedText(key))
    expect(texts.filter((text) => !SENTENCE.test(text))).toEqual([])
    for (const key of blockedKeys) expect(blockedText(key)).toBe(messages.blocked[key])
    const nothingKnown = { code: null, field: null, requestId: null, retryAt: null, effect: 'none' } as const
    for (const key of clientKeys) {
      const text = messages.client[key]
      expect(blockedText(key)).toBe(typeof text === 'function' ? text(nothingKnown) : text)
    }
  })

  test('is never told by one key in two ways', () => {
    expect(blockedKeys.filter((key) => Object.hasOwn(clientCodes, key))).toEqual([])
    expectTypeOf<BlockedKey & ClientKey>().toEqualTypeOf<never>()
  })

  test('says nothing of the effect, of a wait or of a reference: nothing was asked of the portal', () => {
    const told: unknown[] = []
    const { blockedText } = createMessages({
      client: {
        lockout: (details) => {
          told.push(details)
          return 'No.'
        },
      },
    })
    expect(blockedText('lockout')).toBe('No.')
    expect(told).toEqual([{ code: null, field: null, requestId: null, retryAt: null, effect: 'none' }])
  })

  test('of a server of the host’s own is said by its code', () => {
    const { failureText } = createMessages({ portal: { 'NICKNAME.409': 'That nickname is taken.' } })
    expect(failureText(failure({ kind: 'conflict', code: 'NICKNAME.409' }))).toBe(
      'That nickname is taken. [NICKNAME.409]',
    )
  })

  test('can be said in a host’s own words', () => {
    const { blockedText } = createMessages(
      { blocked: { busy: 'Moment.', questionOpen: () => 'Erst antworten.' }, client: { lockout: 'Aussperrung!' } },
      germanMessages,
    )
    expect([blockedText('busy'), blockedText('questionOpen'), blockedText('lockout')]).toEqual([
      'Moment.',
      'Erst antworten.',
      'Aussperrung!',
    ])
    expect(blockedText('failed')).toBe(germanMessages.blocked.failed)
  })
})

describe('texts of a host', () => {
  const timeout = clientFailure('timeout', 'timeout')

  test('take the place of ours, one by one', () => {
    const { failureText, noticeText } = createMessages({
      client: { timeout: 'Too slow.' },
      portal: { '4010': ({ requestId }) => `Over (${requestId}).` },
    })
    expect(failureText(timeout)).toBe('Too slow.')
    expect(failureText(clientFailure('network', 'network'))).toBe(clientCodes.network)
    expect(failureText(failure({ kind: 'unauthorized', code: '4010', requestId: 'r-1' }))).toBe(
      'Over (r-1). This attempt changed nothing. [4010, request r-1]',
    )
    expect(noticeText('changeUndone')).toBe(englishMessages.notice.changeUndone)
  })

  test('may be in a language of the host’s: its sentences are joined as it says', () => {
    const { locale, failureText } = createMessages({
      locale: 'th',
      client: { timeout: 'หมดเวลา' },
      effect: { unknown: 'ไม่ทราบผล' },
      detail: { between: ' | ' },
    })
    expect(locale).toBe('th')
    expect(failureText(clientFailure('timeout', 'timeout', { effect: 'unknown' }))).toBe('หมดเวลา | ไม่ทราบผล')
  })

  test('stand over any language', () => {
    const { locale, failureText } = createMessages({ client: { timeout: 'Zu langsam.' } }, germanMessages)
    expect(locale).toBe('de')
    expect(failureText(timeout)).toBe('Zu langsam.')
    expect(failureText(clientFailure('unauthorized', 'unauthorized'))).toBe(germanMessages.client.unauthorized)
  })

  test('that are empty leave a part out', () => {
    const { failureText } = createMessages({ effect: { none: '' }, detail: { reference: '' } })
    expect(failureText(failure({ kind: 'server', code: '5000', requestId: 'r-1' }))).toBe(clientCodes.server)
  })

  test('that are undefined replace nothing', () => {
    const untyped = { client: { stepRequired: undefined }, kind: undefined } as unknown as MessageOverrides
    const { failureText } = createMessages(untyped)
    expect(failureText(clientFailure('stepRequired', 'invalid'))).toBe(clientCodes.stepRequired)
  })

  test('change nothing for others', () => {
    createMessages({ client: { timeout: 'Too slow.' } })
    expect(createMessages().failureText(timeout)).toBe(clientCodes.timeout)
  })

  test('have known keys only, and a language has all: `npm run typecheck` is what fails here', () => {
    // @ts-expect-error no such group
    createMessages({ greeting: { hello: 'Hello' } })
    // @ts-expect-error no such code of ours
    createMessages({ client: { moonPhase: 'New moon.' } })
    // @ts-expect-error a detail that this text does not get
    createMessages({ hint: { skewed: ({ retryAt }) => String(retryAt) } })
    // @ts-expect-error neither a text nor what makes one
    createMessages({ hint: { wrong: 7 } })

    const { notice, ...withoutNotices } = germanMessages
    // @ts-expect-error a group is missing
    const lacksGroup: MessageTexts = withoutNotices
    const { changeUndone, ...otherNotices } = notice
    // @ts-expect-error a text is missing
    const lacksText: MessageTexts = { ...germanMessages, notice: otherNotices }
    // @ts-expect-error a text too many
    const hasMore: MessageTexts = { ...germanMessages, notice: { ...notice, moonPhase: 'Neumond.' } }
    expect([lacksGroup, lacksText, hasMore, changeUndone]).toHaveLength(4)
  })

  test('for notices: there is one for each that a machine gives', () => {
    type Given = (IpWhitelistContext | MfaContext | OtpEnrollmentContext | InvitationsContext)['notice']
    expectTypeOf<Notice>().toEqualTypeOf<NonNullable<Given>>()
  })
})
