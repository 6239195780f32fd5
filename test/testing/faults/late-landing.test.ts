import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/domain/clock.ts'
import { headersFor, setUp, verdict } from '../raw-client.ts'

const ENABLE = '/security/ip-whitelist/enable'
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe('a request that lands late', () => {
  it('was answered by a proxy, and is carried out all the same', async () => {
    const { post, portal, clock } = setUp()
    portal.fault('enableIpWhitelist', { landsAfterMs: 700, answer: 504 })
    expect(verdict(await post(ENABLE))).toEqual([504, '5000'])
    expect(portal.requests).toMatchObject([{ status: 504, processed: false }])
    clock.increment(699)
    await turn()
    expect(portal.account.ipWhitelist.enabled).toBe(false)
    clock.increment(1)
    await turn()
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.processed('enableIpWhitelist')).toBe(1)
  })

  it('was lost on its way back', async () => {
    const { post, portal, clock } = setUp()
    portal.fault('enableIpWhitelist', { landsAfterMs: 700, answer: 'lost' })
    await expect(post(ENABLE)).rejects.toThrow(TypeError)
    clock.increment(700)
    await turn()
    expect(portal.account.ipWhitelist.enabled).toBe(true)
  })

  it('is never answered, and goes on although the caller has given up', async () => {
    const { portal, clock } = setUp()
    const gone = new AbortController()
    portal.fault('enableIpWhitelist', { landsAfterMs: 700, answer: 'never' })
    const answer = portal.fetch(`https://portal.test/web/v1/system${ENABLE}`, {
      method: 'POST',
      signal: gone.signal,
      headers: headersFor(portal),
    })
    await turn()
    gone.abort(new Error('given up'))
    await expect(answer).rejects.toThrow('given up')
    clock.increment(700)
    await turn()
    expect(portal.account.ipWhitelist.enabled).toBe(true)
    expect(portal.requests).toMatchObject([{ status: null, processed: true }])
  })

  it('is judged by what holds when it lands', async () => {
    const { post, portal, clock } = setUp()
    portal.fault('enableIpWhitelist', { landsAfterMs: 700, answer: 504 })
    await post(ENABLE)
    portal.refreshAccessToken()
    clock.increment(700)
    await turn()
    expect(portal.account.ipWhitelist.enabled).toBe(false)
  })

  it('keeps no process alive that has nothing else to do', async () => {
    const timers: NodeJS.Timeout[] = []
    const clock = {
      ...systemClock,
      setTimeout(fn: () => void, ms: number) {
        const timer = setTimeout(fn, ms)
        timers.push(timer)
        return timer
      },
    }
    const { post, portal } = setUp({ clock })
    portal.fault('enableIpWhitelist', { landsAfterMs: 60_000, answer: 504 })
    await post(ENABLE)
    expect(timers.map((timer) => timer.hasRef())).toEqual([false])
    timers.forEach(clearTimeout)
  })
})
