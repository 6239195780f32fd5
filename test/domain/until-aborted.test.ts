import { expect, it } from 'vitest'
import { untilAborted } from '../../src/domain/until-aborted.ts'

const never = new Promise<never>(() => {})

it('gives the outcome of the promise', async () => {
  const { signal } = new AbortController()
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1)
  expect(await untilAborted(Promise.resolve(1), undefined)).toBe(1)
  await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
})

it('ends with the reason when aborted, before or while it waits', async () => {
  const controller = new AbortController()
  const waiting = untilAborted(never, controller.signal)
  controller.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  await expect(untilAborted(never, controller.signal)).rejects.toBe('enough')
})

it('lets a rejection that nobody waits for any more pass in silence', async () => {
  const controller = new AbortController()
  let fail = (_: Error) => {}
  const promise = new Promise<never>((_, reject) => {
    fail = reject
  })
  const waiting = untilAborted(promise, controller.signal)
  controller.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  fail(new Error('late'))
  await new Promise((resolve) => setImmediate(resolve))
})
