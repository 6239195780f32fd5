import { parseArgs } from 'node:util'
import type { ConformanceOptions } from './check-conformance.ts'

/** What the command line asks for. */
export type Arguments =
  | { readonly mode: 'help' }
  | {
      readonly mode: 'check'
      readonly isJson: boolean
      readonly isVerbose: boolean
      readonly options: Omit<ConformanceOptions, 'accessToken'>
    }

/** The command line is wrong; the message is the one sentence that says how. */
export class UsageError extends Error {}

export const help = `Usage: postlogin conformance --base-url <url> --portal-code <code>
                             --client-hash <hash> [options]

Compares a portal with the contract that postlogin is written for: what is
documented, and each choice that had to be inferred. It only reads, and opens
and closes a session of the secure channel.

  --base-url <url>        The portal, context path included. https, or http on
                          this computer.
  --portal-code <code>    The access code of the portal.
  --client-hash <hash>    The client hash that the login used. none: the login
                          sent none.
  --secure-channel <how>  binary (default), json or off: the envelope in which
                          encrypted requests are sent.
  --path <name>=<path>    Another path of an operation, such as
                          listSessions=/v2/sessions; may be repeated.
  --header <name>=<value> A header that your gateway wants; may be repeated.
  --allow-writes          Also sends writes that change nothing: saves the
                          whitelist as it is, sets its switch to where it is,
                          makes the default workspace the default, and accepts,
                          declines and ends what does not exist.
  --verbose               Also says what each choice is, seen or not.
  --json                  The report as JSON, which has all of it.
  --help                  This text.

The access token comes from the variable POSTLOGIN_TOKEN, or is asked for
without being shown. There is no option for it. The report holds no secret and
nothing of the account's.

Exit code, and "result" in the JSON:
  0  nothingDiffers  Nothing differs in what was seen: the report says how much.
  1  differs         A choice, the documentation or an option of yours differs.
  2  notChecked      Nothing could be checked. Also: the usage is wrong.
  3  notAnswered     Nothing differs, but an operation was not answered.
  130                Ctrl-C.`

const options = {
  'base-url': { type: 'string' },
  'portal-code': { type: 'string' },
  'client-hash': { type: 'string' },
  'secure-channel': { type: 'string' },
  path: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  'allow-writes': { type: 'boolean' },
  verbose: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** @throws UsageError The sentence never repeats a value: what was typed in the wrong place may be the token. */
export function readArguments([command, ...argv]: readonly string[]): Arguments {
  if (command === '--help' || command === undefined) return { mode: 'help' }
  if (command !== 'conformance') throw new UsageError('There is no command of that name: conformance is the only one.')
  const given = parsed(argv)
  if (given.help) return { mode: 'help' }
  const clientHash = required(given['client-hash'], 'client-hash', 'the hash that the login used, or none')
  const secureChannel = given['secure-channel']
  if (secureChannel !== undefined && !isEnvelope(secureChannel)) {
    throw new UsageError('--secure-channel is one of binary, json, off.')
  }
  return {
    mode: 'check',
    isJson: given.json ?? false,
    isVerbose: given.verbose ?? false,
    options: {
      baseUrl: required(given['base-url'], 'base-url', 'where the portal is, with its context path'),
      portalAccessCode: required(given['portal-code'], 'portal-code', 'the access code of the portal'),
      clientHash: clientHash === 'none' ? null : clientHash,
      paths: pairs(given.path, 'path'),
      headers: pairs(given.header, 'header'),
      allowWrites: given['allow-writes'] ?? false,
      ...(secureChannel === undefined ? {} : { secureChannel }),
    },
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values
  } catch {
    const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
    const names = tokens.flatMap((token) => (token.kind === 'option' ? token.name : []))
    if (names.some((name) => /^(access-?)?token$/i.test(name))) {
      throw new UsageError(
        'The token is not taken from the command line, where the shell history and the process list would show it: set POSTLOGIN_TOKEN, or leave it out and type it when asked.',
      )
    }
    const stray = names.find((name) => !Object.hasOwn(options, name))
    if (stray !== undefined && /^[\w-]{1,40}$/.test(stray)) {
      throw new UsageError(`There is no option --${stray}; --help lists those there are.`)
    }
    throw new UsageError('An option lacks its value, or there is something beside the options; --help lists them.')
  }
}

function required(value: string | undefined, name: string, what: string): string {
  if (value === undefined) throw new UsageError(`--${name} is missing: ${what}.`)
  if (value.trim() === '') throw new UsageError(`--${name} needs a value after it.`)
  return value
}

const isEnvelope = (value: string): value is 'binary' | 'json' | 'off' => ['binary', 'json', 'off'].includes(value)

function pairs(given: readonly string[] = [], name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const [key = '', ...rest] = pair.split('=')
      if (key === '' || rest.length === 0) throw new UsageError(`--${name} is written as <name>=<value>.`)
      return [key, rest.join('=')]
    }),
  )
}
