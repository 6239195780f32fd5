import { isIP } from 'node:net'
import { parseArgs } from 'node:util'

/** What the command line asks for. */
export type Arguments =
  | { readonly mode: 'help' }
  | ({ readonly mode: 'scripted'; readonly flow: FlowName } & Wish)
  | ({ readonly mode: 'interactive' } & Wish & PortalArguments)

interface Wish {
  /** The language, as typed; null to take the system's. */
  readonly lang: string | null
}

export type FlowName = 'onboarding' | 'security'

/** A real portal, and how to go through the steps there. The access token is not among it: see `--help`. */
export interface PortalArguments {
  readonly baseUrl: string
  readonly portalCode: string
  /** Null if the login sent none, which has to be stated. */
  readonly clientHash: string | null
  readonly secureChannel: 'binary' | 'json' | 'off'
  readonly flow: FlowName
  readonly policy: 'offer' | 'show' | 'gated'
  /** The invitation that a link has named; null if there is none. */
  readonly invitation: string | null
}

/** The command line is wrong; the message is the one sentence that says how. */
export class UsageError extends Error {}

export const help = `Usage: npm start
       npm start -- --base-url <url> --portal-code <code> --client-hash <hash>
       npm start -- security [--base-url <url> …]

Without options a complete onboarding runs by itself against a fake portal on
this computer, over HTTP and with the secure channel on. With --base-url the
same steps run against a real portal, and you answer.

security                  The security page instead of the onboarding: its
                          cards are opened and closed in any order.

  --base-url <url>        The portal, context path included. https, or http on
                          this computer.
  --portal-code <code>    The access code of the portal.
  --client-hash <hash>    The client hash that the login used: it must not
                          change in a session. none: the login sent none.
  --secure-channel <how>  binary (default), json or off: the envelope in which
                          encrypted requests are sent.
  --policy <name>         offer (default): steps with nothing to do are passed
                          over; show: all steps are shown; gated: as offer, but
                          the one-time code is required. For the onboarding.
  --invitation <id>       The invitation that a link in an e-mail has named: it
                          comes first, alone. For the onboarding.
  --lang <tag>            en, zh, zh-Hant, ja, vi, de, or one close to those,
                          such as zh_TW. Otherwise as LC_ALL, LC_MESSAGES or
                          LANG says. This help is in English.
  --help                  This text.

The access token comes from the variable POSTLOGIN_TOKEN, or is asked for
without being shown. There is no option for it.

Exit code: 0 onboarding completed or security page left, 1 not completed or
signed out, 2 wrong usage, 130 Ctrl-C.`

const options = {
  'base-url': { type: 'string' },
  'portal-code': { type: 'string' },
  'client-hash': { type: 'string' },
  'secure-channel': { type: 'string' },
  policy: { type: 'string' },
  invitation: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean' },
} as const

type OptionName = keyof typeof options

const isOption = (name: string): name is OptionName => Object.hasOwn(options, name)

/**
 * @throws UsageError The sentence never repeats a value: what was typed in the wrong place may be the token.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { flow, given } = readWords(argv)
  if (given.has('help')) return { mode: 'help' }
  const lang = given.get('lang') ?? null
  const baseUrl = given.get('base-url')
  if (baseUrl === undefined) {
    const [stray] = [...given.keys()].filter((name) => name !== 'lang')
    if (stray === undefined) return { mode: 'scripted', flow, lang }
    throw new UsageError(`--${stray} is for a real portal, which takes --base-url as well.`)
  }
  if (flow === 'security' && given.has('policy'))
    throw new UsageError('--policy is for the onboarding; the security page has no steps to pass over.')
  if (flow === 'security' && given.has('invitation'))
    throw new UsageError('--invitation is for the onboarding; the security page shows all of them.')
  return {
    mode: 'interactive',
    flow,
    lang,
    baseUrl: readBaseUrl(baseUrl),
    portalCode: required(given, 'portal-code', 'the access code of the portal'),
    clientHash: readClientHash(required(given, 'client-hash', 'the hash that the login used, or none if it sent none')),
    secureChannel: oneOf(given, 'secure-channel', ['binary', 'json', 'off']),
    policy: oneOf(given, 'policy', ['offer', 'show', 'gated']),
    invitation: given.get('invitation') ?? null,
  }
}

interface Words {
  readonly flow: FlowName
  readonly given: ReadonlyMap<OptionName, string>
}

function readWords(argv: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  const given = new Map<OptionName, string>()
  let flow: FlowName = 'onboarding'
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      if (token.value !== 'security')
        throw new UsageError('There is no argument of that name: security is the only one beside the options.')
      if (flow === 'security') throw new UsageError('security is given twice.')
      flow = 'security'
      continue
    }
    const { name } = token
    if (/^(access-?)?token$/i.test(name)) {
      throw new UsageError(
        'The token is not taken from the command line, where the shell history and the process list would show it: set POSTLOGIN_TOKEN, or leave it out and type it when asked.',
      )
    }
    if (!isOption(name))
      throw new UsageError(`There is no option ${printable(token.rawName)}; --help lists those there are.`)
    if (given.has(name)) throw new UsageError(`--${name} is given twice.`)
    if (name === 'help') {
      if (token.value !== undefined) throw new UsageError('--help takes no value.')
      given.set(name, '')
      continue
    }
    // An option instead of the value: the value was forgotten. `--name=-value` is fine.
    const isForgotten = token.value === undefined || (!token.inlineValue && token.value.startsWith('-'))
    if (isForgotten || token.value?.trim() === '') throw new UsageError(`--${name} needs a value after it.`)
    given.set(name, token.value ?? '')
  }
  return { flow, given }
}

/** An option's name can be anything, even a control sequence. */
const printable = (name: string) => (/^--?[\w-]{1,40}$/.test(name) ? name : 'of that name')

function required(given: ReadonlyMap<OptionName, string>, name: OptionName, what: string): string {
  const value = given.get(name)
  if (value === undefined) throw new UsageError(`--${name} is missing: ${what}.`)
  // What a header can carry. Anything else would be refused later, and less clearly.
  if (!/^[\x21-\x7e]+$/.test(value)) throw new UsageError(`--${name} has a character that cannot be sent.`)
  return value
}

const readClientHash = (value: string) => (value === 'none' ? null : value)

function oneOf<const Value extends string>(
  given: ReadonlyMap<OptionName, string>,
  name: OptionName,
  values: readonly [Value, ...Value[]],
): Value {
  const value = given.get(name)
  if (value === undefined) return values[0]
  const known = values.find((candidate) => candidate === value)
  if (known !== undefined) return known
  throw new UsageError(`--${name} is one of ${values.join(', ')}.`)
}

function readBaseUrl(text: string): string {
  if (!URL.canParse(text))
    throw new UsageError('--base-url is not a URL, such as https://portal.example.com/prometheus.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UsageError('--base-url has to begin with https://.')
  if (url.username !== '' || url.password !== '')
    throw new UsageError('--base-url must not hold a user name or password.')
  if (url.search !== '' || url.hash !== '') throw new UsageError('--base-url must not hold a query or a fragment.')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UsageError('--base-url has to begin with https://, for plain http is only used on this computer.')
  }
  return text
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true
  return isIP(hostname) === 4 && hostname.startsWith('127.')
}
