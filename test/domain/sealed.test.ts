import { format, inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { isSealed, isSealedJson, seal } from '../../src/domain/sealed.ts'

const VALUE = 'JBSWY3DPEHPK3PXP'

/** As Vue and its like wrap state: every object and function that is read comes out wrapped as well. */
const deepProxy = <T extends object>(target: T): T =>
  new Proxy(target, {
    get(from, key, receiver) {
      const value = Reflect.get(from, key, receiver)
      return (typeof value === 'object' && value !== null) || typeof value === 'function' ? deepProxy(value) : value
    },
  })

describe('a sealed value', () => {
  test('is given by reveal() and by nothing else', () => {
    expect(seal(VALUE).reveal()).toBe(VALUE)
  })

  const context = () => ({ otpSetup: { secret: seal(VALUE), issuer: 'SlaunchX' }, list: [seal(VALUE)] })
  test.each<[string, () => unknown]>([
    ['String()', () => String(seal(VALUE))],
    ['a template', () => `${seal(VALUE)}`],
    ['joining it into a text', () => [seal(VALUE), 'and', seal(VALUE)].join(' ')],
    ['JSON of itself', () => JSON.stringify(seal(VALUE))],
    ['JSON of a context', () => JSON.stringify(context())],
    ['inspection', () => inspect(seal(VALUE))],
    ['inspection of a context', () => inspect(context(), { depth: null })],
    ['inspection of hidden properties', () => inspect(context(), { depth: null, showHidden: true, getters: true })],
    ['inspection that ignores custom inspection', () => inspect(context(), { depth: null, customInspect: false })],
    ['console formats', () => format('%s %o %O %j', seal(VALUE), seal(VALUE), seal(VALUE), seal(VALUE))],
    ['its keys and values', () => format(Object.entries(Object.getOwnPropertyDescriptors(seal(VALUE))))],
    ['a copy', () => inspect({ ...seal(VALUE) }, { customInspect: false, depth: null })],
    ['the text of its functions', () => Object.values(seal(VALUE)).map(String).join()],
    ['an error about it', () => inspect(new Error('failed', { cause: seal(VALUE) }))],
  ])('is not shown by %s', (_, show) => {
    expect(show()).not.toContain(VALUE)
  })

  test('cannot be cloned, and the error does not show it', () => {
    expect(() => structuredClone(context())).toThrow()
    expect(() => structuredClone(context())).not.toThrow(VALUE)
  })

  test('leaves a placeholder in text and JSON', () => {
    expect(String(seal(VALUE))).toBe('[sealed]')
    expect(inspect(seal(VALUE))).toBe('[sealed]')
    expect(JSON.parse(JSON.stringify(context()))).toEqual({
      otpSetup: { secret: { $sealed: true }, issuer: 'SlaunchX' },
      list: [{ $sealed: true }],
    })
  })

  test('works behind the proxy of a framework, and is hidden there too', () => {
    for (const wrapped of [deepProxy(context()), new Proxy(context(), {})]) {
      expect(wrapped.otpSetup.secret.reveal()).toBe(VALUE)
      expect(isSealed(wrapped.otpSetup.secret)).toBe(true)
      expect(JSON.stringify(wrapped)).not.toContain(VALUE)
      expect(inspect(wrapped, { depth: null, showProxy: true, showHidden: true })).not.toContain(VALUE)
      expect(`${wrapped.otpSetup.secret}`).toBe('[sealed]')
    }
  })
})

describe('whether something can be revealed', () => {
  test('a sealed value can', () => {
    expect(isSealed(seal(VALUE))).toBe(true)
    expect(isSealedJson(seal(VALUE))).toBe(false)
  })

  test('what came back from storage cannot', () => {
    const stored: unknown = JSON.parse(JSON.stringify(seal(VALUE)))
    expect(isSealed(stored)).toBe(false)
    expect(isSealedJson(stored)).toBe(true)
  })

  test.each([[null], [undefined], [VALUE], [7], [{}], [[]], [{ reveal: VALUE }], [{ $sealed: 'true' }], ['$sealed']])(
    '%j is neither',
    (value) => {
      expect(isSealed(value)).toBe(false)
      expect(isSealedJson(value)).toBe(false)
    },
  )
})
