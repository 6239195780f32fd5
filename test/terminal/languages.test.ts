/** What the terminal prints, asks, and offers in each language, held against the same run in English. */
import { type Language, languages } from 'postlogin'
import { createFakePortal, type FakePortal, servePortal } from 'postlogin/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { widthOf } from '../../examples/terminal/wording.ts'
import { conversation } from './user.ts'

const ACME = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890'
const GLOBEX = 'b2c3d4e5-f6a7-4901-bcde-f12345678901'
const AWAITING = 'whitelistChange.confirming.deciding.awaiting'
const EDITING = 'ipWhitelist.drafting.editing'

const user = (portal: FakePortal) =>
  conversation([
    ['invitations.inbox', `decline ${ACME}`],
    ['invitations.decline', 'yes'],
    ['invitations.reason', ''],
    ['invitations.inbox', `accept ${GLOBEX}`],
    ['invitations.inbox', 'cancelOnboarding'],
    ['onboarding.cancel', 'no'],
    ['invitations.inbox', 'finish'],
    ['mfa.atRest.overview', 'enroll'],
    ['otpEnrollment.awaitingCode', 'key'],
    ['otpEnrollment.awaitingCode', 'code'],
    ['otpEnrollment.code', '12'],
    ['otpEnrollment.awaitingCode', 'code'],
    ['otpEnrollment.code', () => portal.authenticator.code()],
    ['mfa.atRest.overview', 'backupCodes'],
    ['mfa.atRest.overview', 'finish'],
    [EDITING, 'add'],
    ['ipWhitelist.entry', '10.0.0.1'],
    ['ipWhitelist.verdict', 'no'],
    [EDITING, 'addMine'],
    [EDITING, 'enable'],
    [AWAITING, 'confirm'],
    [EDITING, 'finish'],
    ['sessions.atRest.list', 'others'],
    ['sessions.atRest.confirming', 'confirm'],
    ['sessions.atRest.list', 'finish'],
    ['workspace.atRest.choosing', 'chooseAsDefault WS_GLOBEX_002'],
  ])

interface Run {
  readonly exitCode: number
  readonly lines: readonly string[]
  /** What was asked, and what was offered. */
  readonly asked: readonly string[]
  /** `X-LOCALE` of the requests. */
  readonly locales: ReadonlySet<string | null>
}

/** The whole onboarding in one language. Its words are constants once they are loaded, so each run loads its own. */
async function runIn(language: Language): Promise<Run> {
  vi.resetModules()
  const { preferLocales } = await import('../../examples/shared/language.ts')
  preferLocales([language])
  const { createNarrator } = await import('../../examples/terminal/narrate.ts')
  const { interactive } = await import('../../examples/terminal/interactive.ts')
  const portal = createFakePortal()
  const locales = new Set<string | null>()
  const server = await servePortal({
    fetch(input, init) {
      locales.add(new Headers(input instanceof Request ? input.headers : init?.headers).get('X-LOCALE'))
      return portal.fetch(input, init)
    },
  })
  const { choose, text } = user(portal)
  const lines: string[] = []
  const asked: string[] = []
  try {
    const { exitCode } = await interactive(
      {
        baseUrl: server.url,
        portalCode: portal.account.portalAccessCode,
        clientHash: portal.account.clientHash,
        secureChannel: 'binary',
        flow: 'onboarding',
        policy: 'offer',
        invitation: null,
      },
      {
        token: portal.account.accessToken,
        host: {
          answers: {
            choose(question, signal) {
              asked.push(question.message, ...question.choices.map(({ label }) => label))
              return choose(question, signal)
            },
            text(question, signal) {
              asked.push(question.message)
              return text(question, signal)
            },
          },
          narrator: createNarrator((line) => lines.push(line), false),
          look: { now: () => Date.now(), qrCode: () => [] },
          signal: new AbortController().signal,
        },
        checkTerminal: () => null,
      },
    )
    return { exitCode, lines, asked, locales }
  } finally {
    await server.close()
  }
}

/** Names and addresses from the portal, states, and keys: the same in every language. */
const untranslated =
  /Acme Operations|Globex Treasury|Reporting Lab|Maya’s Workspace|Ada Quist|Bo Lindqvist|SlaunchX\S*|\S+@\S+|Windows 10 - Chrome \d+|iPhone - Safari \d+|Ubuntu - Firefox \d+|Lisbon|Porto(?!\p{L})|Portugal|WS_\w+|\b[a-z]\w*(\.\w+)+|\b[A-Z2-7]{4}\b/gu

const wordsOf = ({ lines, asked }: Run): ReadonlySet<string> =>
  new Set(
    [...lines, ...asked].flatMap(
      (text) =>
        text
          .replace(/[\p{Cf}]/gu, '')
          .replace(untranslated, ' ')
          .toLowerCase()
          .match(/\p{L}{2,}/gu) ?? [],
    ),
  )

/** What a language has in common with English. */
const shared: Readonly<Record<Exclude<Language, 'en'>, readonly string[]>> = {
  zh: ['ip'],
  'zh-Hant': ['ip', 'qr'],
  ja: ['ip', 'qr'],
  vi: ['camera', 'do', 'email', 'internet', 'ip', 'qr'],
  de: [
    'app',
    'authenticator',
    'code',
    'hand',
    'in',
    'internet',
    'ip',
    'min',
    'portal',
    'private',
    'qr',
    'rest',
    'whitelist',
  ],
}

let english: Run
beforeAll(async () => {
  english = await runIn('en')
})
afterAll(() => vi.resetModules())

it('in English: all is done', () => {
  expect(english.exitCode).toBe(0)
  expect(english.asked).toContain('What now?')
})

describe.each(languages.filter((language) => language !== 'en'))('in %s', (language) => {
  let run: Run
  beforeAll(async () => {
    run = await runIn(language)
  })

  it('all is done, too', () => {
    expect(run.exitCode).toBe(0)
    expect(run.asked).toHaveLength(english.asked.length)
  })

  it('nothing English is left', () => {
    const known = wordsOf(english)
    const left = [...wordsOf(run)].filter((word) => known.has(word) && !shared[language].includes(word))
    expect(left).toEqual([])
  })

  it('no line is wider than the terminal', () => {
    expect(run.lines.filter((line) => widthOf(line) > 80)).toEqual([])
  })

  it('the portal hears the language, where it has it', () => {
    expect([...run.locales]).toEqual([{ zh: 'zh', 'zh-Hant': 'zh-Hant', ja: 'ja', vi: 'vi', de: 'en' }[language]])
  })
})
