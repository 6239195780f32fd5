import fc from 'fast-check'
import type { Route } from 'postlogin'
import { describe, expect, it } from 'vitest'
import { drawQrCode } from '../../examples/terminal/qr-code.ts'
import { column, plain, routeText, timeText, widthOf, wrap } from '../../examples/terminal/wording.ts'

describe('the words', () => {
  it('tell a route', () => {
    const names = new Map([['w1', 'One']])
    const told = (route: Route) => plain(routeText(route, names))
    expect(told({ to: 'workspace', workspaceBizId: 'w1', reason: 'only' })).toBe(
      'Next: workspace One (w1), the only one you can enter.',
    )
    expect(told({ to: 'workspace', workspaceBizId: 'w2', reason: 'default' })).toBe(
      'Next: workspace w2, your default one.',
    )
    expect(told({ to: 'noWorkspace' })).toBe('There is no workspace you can enter.')
    expect(told({ to: 'unresolved' })).toBe('Next: the portal decides where to go.')
  })

  it('tell the time of day, and the day where it is another', () => {
    const noon = Date.parse('2026-11-24T12:00:00')
    expect(timeText(noon + 5_000, noon)).toMatch(/^12:00:05\sPM$/)
    expect(timeText(noon + 7 * 86_400_000, noon)).toMatch(/^Dec 1, 2026, 12:00\sPM$/)
    expect(timeText(Number.NaN, noon)).toBe('never')
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
    expect(wrap('GET  /path', 10)).toEqual(['GET  /path'])
  })

  it('take two columns for a character of Chinese or Japanese, and none for an accent of its own', () => {
    expect(['東京', 'タワー', 'ﾀﾜｰ', '，', 'e\u0301', 'ệ', '“a”'].map(widthOf)).toEqual([4, 6, 3, 2, 1, 1, 3])
    expect(column('東京', 5)).toBe('東京 ')
    expect(column('東京都', 5)).toBe('東京…')
    expect(column('東京都', 4)).toBe('東… ')
    expect(wrap('東京都と大阪', 5)).toEqual(['東京', '都と', '大阪'])
    expect(wrap('大阪 IP 東京', 7)).toEqual(['大阪 IP', '東京'])
  })

  it('begin no line with punctuation that ends a sentence', () => {
    expect(wrap('東京。大阪', 4)).toEqual(['東', '京。', '大阪'])
  })

  it('fill no more columns than there are, whatever is in them', () => {
    const piece = fc.constantFrom('a', ' ', '東', 'タ', '。', 'é', 'word', '👩')
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 6, max: 20 }), (pieces, width) => {
        const text = pieces.join('')
        expect(widthOf(column(text, width))).toBe(width)
        expect(wrap(text, width).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      }),
    )
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
