import { isSealed, screenOf } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { play, scenes, type Visitor } from './scenes.ts'
import { visit } from './visitor.ts'

/** Where there is something that JSON would not carry: a function, an instance of a class, undefined, a symbol. */
function unplain(value: unknown, place = 'screen'): string[] {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return []
  if (isSealed(value)) return []
  if (typeof value !== 'object') return [`${place} is a ${typeof value}`]
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== Array.prototype) return [`${place} is an instance of a class`]
  return Reflect.ownKeys(value).flatMap((key) => unplain(Reflect.get(value, key), `${place}.${String(key)}`))
}

/** Whatever would let somebody in. */
function secretsOf({ portal }: Visitor): string[] {
  const { accessToken, refreshToken, portalAccessCode, clientHash, password, otpSecret, otpSetup } = portal.account
  return [accessToken, refreshToken, portalAccessCode, clientHash, password, otpSecret, otpSetup?.secret]
    .filter((secret) => secret != null)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
}

describe.each(Object.entries(scenes))('%s', (_, scene) => {
  test('is plain data, with no secret in it', async () => {
    const visitor = await play(scene)
    const screen = visitor.screen()
    expect(unplain(screen)).toEqual([])
    const text = JSON.stringify(screen)
    expect(JSON.parse(text)).toMatchObject({ name: screen.name })
    expect(secretsOf(visitor).filter((secret) => text.includes(secret))).toEqual([])
  })
})

test('a code that is on its way is not on screen', async () => {
  const visitor = await visit({ input: { order: ['mfa'] } })
  await visitor.click(visitor.on('mfa').enroll)
  const code = await visitor.portal.authenticator.code()
  const seen: string[] = []
  visitor.flow.subscribe((snapshot) => seen.push(JSON.stringify(screenOf(snapshot))))
  await visitor.click(visitor.on('otpEnrollment').submit, { code })
  expect(seen.some((text) => text.includes('"busy"'))).toBe(true)
  expect(seen.filter((text) => text.includes(code))).toEqual([])
  expect(visitor.on('mfa').isOtpEnabled).toBe(true)
})

test('the end is plain data, too', async () => {
  const { screen, click, on } = await visit({ input: { order: ['invitations'] } })
  await click(on('invitations').finish)
  expect(screen().name).toBe('completed')
  expect(unplain(screen())).toEqual([])
})
