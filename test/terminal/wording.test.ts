import { describe, expect, it } from 'vitest'
import { drawQrCode } from '../../examples/terminal/qr-code.ts'
import { column, plain, routeText, timeText, wrap } from '../../examples/terminal/wording.ts'

describe('the words', () => {
  it('tell a route', () => {
    const names = new Map([['w1', 'One']])
    expect(routeText({ to: 'workspace', workspaceBizId: 'w1', reason: 'only' }, names)).toBe(
      'workspace One (w1): it is the only one that can be entered',
    )
    expect(routeText({ to: 'workspace', workspaceBizId: 'w2', reason: 'default' }, names)).toBe(
      'workspace w2: it is the default one',
    )
    expect(routeText({ to: 'noWorkspace' }, names)).toBe('no workspace: there is none to enter')
    expect(routeText({ to: 'unresolved' }, names)).toBe('not resolved: the portal itself has to decide')
  })

  it('tell the time of day, and the day where it is another', () => {
    const noon = Date.parse('2026-11-24T12:00:00')
    expect(timeText(noon + 5_000, noon)).toBe('12:00:05')
    expect(timeText(noon + 7 * 86_400_000, noon)).toBe('1 Dec 2026, 12:00')
  })

  it('hold nothing that a terminal would obey', () => {
    expect(plain('a\u001b[31mb\r\n\u0007c\u202ed\u2028e\u009b2Jf\u200bg')).toBe('a[31mbcde2Jfg')
    expect(plain('Zoë 東京 👩')).toBe('Zoë 東京 👩')
  })

  it('fit their place', () => {
    expect(column('abc', 5)).toBe('abc  ')
    expect(column('abcdef', 5)).toBe('abcd…')
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc'])
    expect(wrap('aaaaaaaa b', 5)).toEqual(['aaaaaaaa', 'b'])
    expect(wrap('', 5)).toEqual([''])
  })
})

describe('the QR code', () => {
  const uri = `otpauth://totp/SlaunchX:someone.with.a.long.name@example.com?secret=${'A'.repeat(52)}&issuer=SlaunchX`

  it('fits beside the labels, also for a long address and secret', () => {
    const lines = drawQrCode(uri, false)
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(67)
    expect(lines.join('')).toMatch(/^[█▀▄ ]+$/)
  })

  it('is white on black by its own colors where there are any', () => {
    const colored = drawQrCode(uri, true)
    const bare = drawQrCode(uri, false)
    expect(colored).toEqual(bare.map((line) => `\u001b[38;5;231;48;5;16m${line}\u001b[0m`))
  })
})
