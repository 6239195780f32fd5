import { describe, expect, it } from 'vitest'
import { readArguments, UsageError } from '../../examples/terminal/arguments.ts'

const portal = ['--base-url', 'https://portal.example.com/prometheus', '--portal-code', 'P', '--client-hash', 'H']

/** The sentence; fails where there is none. */
function complaint(argv: readonly string[]): string {
  try {
    readArguments(argv)
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown.message
    throw thrown
  }
  throw new Error('Nothing was wrong with it.')
}

describe('the command line', () => {
  it('asks for the scripted run where it is empty', () => {
    expect(readArguments([])).toEqual({ mode: 'scripted', flow: 'onboarding', lang: null })
  })

  it('asks for help, whatever else there is', () => {
    expect(readArguments(['--help'])).toEqual({ mode: 'help' })
    expect(readArguments(['--portal-code', 'P', '--help'])).toEqual({ mode: 'help' })
  })

  it('asks for a real portal', () => {
    expect(readArguments(portal)).toEqual({
      mode: 'interactive',
      flow: 'onboarding',
      lang: null,
      baseUrl: 'https://portal.example.com/prometheus',
      portalCode: 'P',
      clientHash: 'H',
      secureChannel: 'binary',
      policy: 'offer',
      invitation: null,
    })
    expect(
      readArguments([...portal, '--secure-channel=json', '--policy', 'gated', '--invitation', 'abc']),
    ).toMatchObject({ secureChannel: 'json', policy: 'gated', invitation: 'abc' })
  })

  it('asks for the security page by one word, anywhere among the options', () => {
    expect(readArguments(['security'])).toEqual({ mode: 'scripted', flow: 'security', lang: null })
    expect(readArguments(['security', ...portal])).toMatchObject({ mode: 'interactive', flow: 'security' })
    expect(readArguments([...portal, 'security'])).toMatchObject({ mode: 'interactive', flow: 'security' })
    expect(readArguments(['security', '--help'])).toEqual({ mode: 'help' })
  })

  it('asks for a language, with or without a real portal', () => {
    expect(readArguments(['--lang', 'zh_TW'])).toEqual({ mode: 'scripted', flow: 'onboarding', lang: 'zh_TW' })
    expect(readArguments([...portal, '--lang=ja'])).toMatchObject({ mode: 'interactive', lang: 'ja' })
  })

  it('says on purpose that the login sent no client hash', () => {
    expect(readArguments([...portal.slice(0, -1), 'none'])).toMatchObject({ clientHash: null })
  })

  it('takes a value that begins with a dash after an equals sign only', () => {
    expect(readArguments([...portal.slice(0, 4), '--client-hash=-H'])).toMatchObject({ clientHash: '-H' })
    expect(complaint([...portal.slice(0, 4), '--client-hash', '-H'])).toBe('--client-hash needs a value after it.')
  })

  it.each([
    'http://127.0.0.1:18020/prometheus',
    'http://127.8.8.8',
    'http://localhost:1',
    'http://portal.localhost',
    'http://[::1]:1',
    'https://portal.example.com',
  ])('goes to %s', (url) => {
    expect(readArguments(['--base-url', url, ...portal.slice(2)])).toMatchObject({ baseUrl: url })
  })

  it.each([
    [
      'http://portal.example.com',
      '--base-url has to begin with https://, for plain http is only used on this computer.',
    ],
    ['http://127.example.com', '--base-url has to begin with https://, for plain http is only used on this computer.'],
    ['http://10.0.0.1', '--base-url has to begin with https://, for plain http is only used on this computer.'],
    ['ftp://portal.example.com', '--base-url has to begin with https://.'],
    ['portal.example.com', '--base-url is not a URL, such as https://portal.example.com/prometheus.'],
    ['https://maya:secret@portal.example.com', '--base-url must not hold a user name or password.'],
    ['https://portal.example.com/?x=1', '--base-url must not hold a query or a fragment.'],
    ['https://portal.example.com/#x', '--base-url must not hold a query or a fragment.'],
  ])('does not go to %s', (url, sentence) => {
    expect(complaint(['--base-url', url, ...portal.slice(2)])).toBe(sentence)
  })

  it.each([
    [['--base-url'], '--base-url needs a value after it.'],
    [['--base-url='], '--base-url needs a value after it.'],
    [['--base-url', '--portal-code', 'P'], '--base-url needs a value after it.'],
    [['--lang'], '--lang needs a value after it.'],
    [['--lang', 'ja', '--policy', 'show'], '--policy is for a real portal, which takes --base-url as well.'],
    [['--bse-url', 'x'], 'There is no option --bse-url; --help lists those there are.'],
    [['-x'], 'There is no option -x; --help lists those there are.'],
    [['--no-help'], 'There is no option --no-help; --help lists those there are.'],
    [['--\u001b[31mred'], 'There is no option of that name; --help lists those there are.'],
    [['--help=yes'], '--help takes no value.'],
    [['somewhere'], 'There is no argument of that name: security is the only one beside the options.'],
    [['--', 'somewhere'], 'There is no argument of that name: security is the only one beside the options.'],
    [['Security'], 'There is no argument of that name: security is the only one beside the options.'],
    [['security', 'security'], 'security is given twice.'],
    [
      ['security', ...portal, '--policy', 'show'],
      '--policy is for the onboarding; the security page has no steps to pass over.',
    ],
    [
      ['security', ...portal, '--invitation', 'abc'],
      '--invitation is for the onboarding; the security page shows all of them.',
    ],
    [['--invitation', 'abc'], '--invitation is for a real portal, which takes --base-url as well.'],
    [['security', '--policy', 'show'], '--policy is for a real portal, which takes --base-url as well.'],
    [['--portal-code', 'P'], '--portal-code is for a real portal, which takes --base-url as well.'],
    [[...portal, '--portal-code', 'Q'], '--portal-code is given twice.'],
    [portal.slice(0, 2), '--portal-code is missing: the access code of the portal.'],
    [portal.slice(0, 4), '--client-hash is missing: the hash that the login used, or none if it sent none.'],
    [[...portal.slice(0, 4), '--client-hash', 'a b'], '--client-hash has a character that cannot be sent.'],
    [[...portal, '--secure-channel', 'on'], '--secure-channel is one of binary, json, off.'],
    [[...portal, '--policy', 'skip'], '--policy is one of offer, show, gated.'],
  ])('is refused: %j', (argv, sentence) => {
    expect(complaint(argv)).toBe(sentence)
  })

  it.each([['--token', 'TOP'], ['--token=TOP'], ['--access-token', 'TOP'], ['--accesstoken=TOP'], ['--TOKEN', 'TOP']])(
    'takes no token: %s',
    (...argv) => {
      const sentence = complaint([...portal, ...argv])
      expect(sentence).toMatch(/shell history and the process list/)
      expect(sentence).not.toContain('TOP')
    },
  )

  it('never repeats a value, which may be the token in the wrong place', () => {
    for (const argv of [['SECRET'], ['--tokn=SECRET'], ['--policy', 'SECRET', ...portal], ['--base-url', 'SECRET']]) {
      expect(complaint(argv)).not.toContain('SECRET')
    }
  })
})
