import type { Browser } from 'playwright-core'
import type { FakePortal, FakePortalOptions, PortalOperation } from 'postlogin/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPortal, mishaps } from '../../examples/demo/portals.ts'
import { launchChromium } from '../support/chromium.ts'
import { accountOf, doubledWrites } from '../support/user.ts'
import { openSite, pages, type Site } from './site.ts'
import { bare, flaws, type User, visit } from './visit.ts'

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite(pages)
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const DIRECTION = /[\u202A-\u202E\u2066-\u2069\u2029]/
const ISOLATED = /\u2068[^\u2028-\u202E\u2066-\u2069]*\u2069/g

/** Keeps these requests from the portal until they are let go. */
async function hold({ context }: User, url: RegExp): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await context.route(url, async (route) => {
    await released
    await route.continue()
  })
  return release
}

/** The whole way, each screen looked at. */
async function wholeWay(user: User, look: (screen: string) => Promise<void>) {
  const { page, portal, click, go } = user
  await look('invitations')
  await user.button('Decline Globex Treasury').click()
  await look('declining')
  await page.getByLabel(/You can give a reason/).fill('Not mine.')
  await click('Decline it')
  await click('Accept Acme Operations')
  await user.item('Acme Operations').getByText('Accepted').waitFor()
  await look('answered')
  await go('Continue', 'Two-step sign-in')
  await look('factors')
  await go('Set up the app', 'Set up your authenticator app')
  await page.getByRole('img', { name: 'QR code' }).waitFor()
  await look('enrollment')
  await user.enterCode('12 34')
  await user.say('A code has six digits')
  await look('malformed code')
  await user.enterCode(await portal.authenticator.code())
  await user.heading('Two-step sign-in')
  await click('Count my backup codes')
  await user.say('8 of 10 backup codes are left.')
  await click('Turn the app off')
  await look('revoke?')
  await click('Keep it on')
  await go('Continue', 'IP whitelist')
  await look('whitelist')
  await page.getByLabel('Address or range').fill('198.51.100.0/24')
  await click('Add')
  await page.getByLabel('Address or range').fill('nonsense')
  await click('Add')
  await look('draft')
  await click('Remove nonsense')
  await click(/^Add my address/)
  await click('Turn on')
  await page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
  await look('keep?')
  await click('Keep it')
  await look('whitelist on')
  await go('Continue', 'Where you are signed in')
  await look('sessions')
  await click('End all others')
  await look('end?')
  await click('End')
  await expect.poll(() => page.locator('.list li').count()).toBe(1)
  await go('Continue', 'You are all set')
  await user.say('workspace WS_ACME_001, which you were invited to')
  await look('completed')
}

const whatIsWanted = (portal: FakePortal) => {
  const { invitations, ...account } = accountOf(portal)
  const answers = invitations.map(({ workspaceBizId, status }) => `${workspaceBizId} ${status}`)
  return { ...account, answers, workspaces: account.workspaces.map(({ workspaceBizId }) => workspaceBizId) }
}

describe.each(pages)('the page in %s', (frontEnd) => {
  const open = (options?: Parameters<typeof visit>[1]) => visit({ browser, site, frontEnd }, options)

  test('leads an invited user from the inbox into the workspace', async () => {
    const user = await open()
    const elsewhere: string[] = []
    user.page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) elsewhere.push(request.url())
    })
    await wholeWay(user, async () => {})
    expect(whatIsWanted(user.portal)).toEqual({
      answers: ['WS_ACME_001 ACCEPTED', 'WS_GLOBEX_002 DECLINED', 'WS_INITECH_003 PENDING'],
      isOtpOn: true,
      ipWhitelist: { enabled: true, entries: ['198.51.100.0/24', '203.0.113.10'] },
      sessions: ['SESSION_CURRENT_C_001'],
      workspaces: ['WS_HOME_001', 'WS_LAB_001', 'WS_ACME_001'],
    })
    expect(doubledWrites(user.portal)).toEqual([])
    expect(elsewhere).toEqual([])
  })

  test.each([
    ['rows that nobody can read, and dates that no calendar has', { rows: 'besideStrays', dates: 'outOfRange' }],
    ['rows that say little more than which ones they are, and no dates', { rows: 'bare', dates: 'empty' }],
  ] as const)('shows a portal of %s, on every screen and after a reload', async (_, dialect) => {
    const user = await open({ portal: { ...demoPortal(), dialect } })
    const look = async (heading: string, hasList = true) => {
      await user.heading(heading)
      if (hasList && dialect.rows === 'besideStrays') await user.say('This list has 2 rows that could not be read')
      expect(await flaws(user.page)).toEqual([])
    }
    const lookTwice = async (heading: string, hasList = true) => {
      await look(heading, hasList)
      await user.page.reload()
      await user.idle()
      await look(heading, hasList)
    }
    await lookTwice('Your invitations')
    await user.toMfa()
    await lookTwice('Two-step sign-in')
    await user.go('Continue without it', 'IP whitelist')
    await lookTwice('IP whitelist', false)
    await user.go('Continue without it', 'Where you are signed in')
    await lookTwice('Where you are signed in')
    await user.click('End all others')
    await user.click('End')
    await user.go('Continue', 'You are all set')
  })

  test('has no flaw that axe finds, on any screen, in either theme', async () => {
    const user = await open()
    const found: string[] = []
    await wholeWay(user, async (screen) => {
      found.push(...(await flaws(user.page)).map((flaw) => `${screen}, ${flaw}`))
    })
    expect(found).toEqual([])
  })

  test('fits a telephone of 320 px, and nothing on it jumps by itself', async () => {
    const user = await open({ width: 320 })
    await user.page.evaluate(() => {
      let sum = 0
      const add = (entries: PerformanceEntryList) => {
        for (const { value } of entries as (PerformanceEntry & { value: number })[]) sum += value
      }
      const observer = new PerformanceObserver((list) => add(list.getEntries()))
      observer.observe({ type: 'layout-shift', buffered: true })
      const takeShift = () => {
        add(observer.takeRecords())
        const taken = sum
        sum = 0
        return taken
      }
      Object.assign(globalThis, { takeShift })
    })
    const takeShift = async () => {
      // Only what was drawn is counted.
      await user.page.screenshot()
      return user.page.evaluate(() => (globalThis as unknown as { takeShift(): number }).takeShift())
    }
    const shifts = [await takeShift()]
    const tooWide: string[] = []
    await wholeWay(user, async (screen) => {
      const width = await user.page.evaluate(() => document.documentElement.scrollWidth)
      if (width > 320) tooWide.push(`${screen}: ${width} px`)
      // What the user's own action moved is meant, however long a busy computer takes over it.
      await takeShift()
      await user.page.clock.runFor(3_000)
      shifts.push(await takeShift())
    })
    expect(tooWide).toEqual([])
    // What the web vitals call good.
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.1)
  })

  describe('with doubtful names of the portal’s', () => {
    /** What is around a name, from left to right, as it is drawn. */
    const orderOf = (element: SVGElement | HTMLElement) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      const signs: { sign: string; left: number }[] = []
      for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
        for (let index = 0; index < node.data.length; index++) {
          const range = document.createRange()
          range.setStart(node, index)
          range.setEnd(node, index + 1)
          const { left, width } = range.getBoundingClientRect()
          if (width > 0) signs.push({ sign: node.data[index] ?? '', left })
        }
      }
      signs.sort((one, other) => one.left - other.left)
      return signs
        .map(({ sign }) => sign)
        .join('')
        .replace(/\s+/g, ' ')
        .trim()
    }
    const named = (name: string): FakePortalOptions => ({
      account: {
        invitations: [{ workspaceName: name, workspaceBizId: 'WS_ACME_001', inviterName: name }],
        workspaces: [
          { workspaceBizId: 'WS_1', workspaceName: name },
          { workspaceBizId: 'WS_2', workspaceName: `${name} 2` },
        ],
        sessions: [
          { sessionId: 'SESSION_1', isCurrent: true, deviceInfo: name, location: name },
          { sessionId: 'SESSION_2', isCurrent: false, deviceInfo: name, location: name },
        ],
        ipWhitelist: { enabled: false, entries: [`${name.slice(0, 4_000)} 203.0.113.10`] },
      },
    })

    test.each([
      ['an override', '\u202Ecba'],
      ['one that ends what is around it', '\u2069\u202Ecba'],
      ['an embedding that is not ended', '\u202Bcba'],
      ['a paragraph of its own', '\u2029\u202Ecba'],
    ])('%s turns nothing round but itself', async (_, name) => {
      const user = await open({ portal: named(name) })
      const row = user.page.locator('.list li').first()
      const said = (text: string) => user.page.getByText(text, { exact: false }).first().evaluate(orderOf)
      expect(await said('invited you')).toMatch(/cba invited you$/)
      expect(await row.locator('h2 bdi').textContent()).toMatch(/cba/)
      await row.getByRole('button', { name: /^Decline/ }).click()
      expect(await user.page.locator('#question-invitations').evaluate(orderOf)).toMatch(/^Decline cba\?$/)
      const labels = await row.locator('[aria-label]').evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel ?? ''))
      await user.page.getByRole('button', { name: 'Back' }).click()
      labels.push((await row.getByRole('button', { name: /^Accept/ }).getAttribute('aria-label')) ?? '')
      for (const label of labels) expect(label.replace(ISOLATED, '')).not.toMatch(DIRECTION)
      await user.toWhitelist()
      await user.page.getByRole('button', { name: /^Remove .*203/ }).waitFor()
      await user.go('Continue without it', 'Where you are signed in')
      expect(await user.page.locator('.list h2').first().evaluate(orderOf)).toMatch(/^cba, cba$/)
      await user.click('End all others')
      expect(await user.page.locator('.question p').first().evaluate(orderOf)).toMatch(/^cba, cba$/)
    })

    test.each([1000, 320])(
      'of 4,000 characters, the buttons stay in reach (%i px), and the name too',
      async (width) => {
        const name = 'Acme'.repeat(1_000)
        const user = await open({ portal: named(name), width })
        const inReach = async (screen: string) => {
          const size = await user.page.evaluate(() => ({
            width: document.documentElement.scrollWidth,
            height: document.documentElement.scrollHeight,
          }))
          expect([screen, size.width]).toEqual([screen, width])
          expect([screen, size.height < 1_800]).toEqual([screen, true])
        }
        await inReach('invitations')
        const what = user.page.locator('.list .what').first()
        expect((await what.textContent())?.includes(name)).toBe(true)
        await what.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        expect(await what.evaluate((element) => element.scrollTop)).toBeGreaterThan(0)
        await user.page.getByRole('button', { name: /^Decline/ }).click()
        await inReach('declining')
        await user.page.getByRole('button', { name: 'Back' }).click()
        await user.toWhitelist()
        await inReach('whitelist')
        await user.go('Continue without it', 'Where you are signed in')
        await inReach('sessions')
        await user.click('End all others')
        await inReach('end?')
        await user.click('Back')
        await user.go('Continue, leave the rest open', 'Choose your workspace')
        await inReach('workspace')
      },
    )
  })

  test('can be worked by the keyboard alone', async () => {
    const { page, portal, heading, idle, say } = await open()
    const { keyboard } = page
    const focusedName = () =>
      page.evaluate(() => {
        const { activeElement } = document
        const label = activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : null
        return activeElement?.getAttribute('aria-label') ?? label ?? activeElement?.textContent?.trim() ?? ''
      })
    async function tabTo(name: string) {
      const passed: (string | null)[] = []
      for (let presses = 0; presses < 60; presses++) {
        await keyboard.press('Tab')
        const now = bare(await focusedName())
        if (now?.startsWith(name)) return
        passed.push(now)
      }
      throw new Error(`Tab does not lead to “${name}”, only to ${passed.join(', ')}`)
    }
    async function press(name: string, key = 'Enter') {
      await idle()
      await tabTo(name)
      await keyboard.press(key)
    }
    await press('Accept Acme Operations')
    await say('Accepted')
    await press('Decline Globex Treasury', 'Space')
    await press('Decline it')
    await say('Declined')
    await press('Continue')
    await heading('Two-step sign-in')
    await press('Set up the app')
    await heading('Set up your authenticator app')
    await idle()
    await tabTo('Code from the app')
    await keyboard.insertText(await portal.authenticator.code())
    await keyboard.press('Enter')
    await heading('Two-step sign-in')
    await press('Continue')
    await heading('IP whitelist')
    await press('Add my address')
    await press('Turn on')
    await page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
    await press('Keep it')
    await press('Continue')
    await heading('Where you are signed in')
    await press('End all others')
    await press('End')
    await expect.poll(() => page.locator('.list li').count()).toBe(1)
    await press('Continue')
    await heading('You are all set')
  })

  test('moves the focus to the new step and to a question, and does not lose it', async () => {
    const user = await open()
    await user.click('Accept Acme Operations')
    await user.item('Acme Operations').getByText('Accepted').waitFor()
    expect(await user.focused()).toBe('Your invitations')
    await expect.poll(user.status).toBe('Acme Operations: Accepted')
    await user.button('Decline Globex Treasury').click()
    expect(await user.focused()).toBe('Decline Globex Treasury?')
    await user.button('Back').click()
    await user.go('Continue, leave the rest open', 'Two-step sign-in')
    expect(await user.focused()).toBe('Two-step sign-in')
  })

  test('accepts two in a row, one after the other, and goes on once both are accepted', async () => {
    const user = await open()
    const release = await hold(user, /\/accept$/)
    await user.button('Accept Acme Operations').click()
    await user.button('Accept Globex Treasury').click()
    await user.item('Globex Treasury').getByText('Next in line').waitFor()
    await user.button(/^Continue/).click()
    await user.say('It goes on once this is done.')
    expect(user.portal.processed('acceptInvitation')).toBe(0)
    release()
    await user.heading('Two-step sign-in')
    const accepted = user.portal.requests.filter(({ operation }) => operation === 'acceptInvitation')
    const standing = user.portal.account.invitations.filter(({ status }) => status === 'ACCEPTED')
    expect([accepted.length, standing.length]).toEqual([2, 2])
  })

  test('takes back what is still to come', async () => {
    const user = await open()
    const release = await hold(user, /\/accept$/)
    await user.button('Accept Acme Operations').click()
    await user.button('Accept Globex Treasury').click()
    await user.button('Take back what you chose for Globex Treasury').click()
    await user.button('Accept Globex Treasury').waitFor()
    release()
    await user.item('Acme Operations').getByText('Accepted').waitFor()
    await user.idle()
    expect(user.portal.processed('acceptInvitation')).toBe(1)
  })

  test('passes one step with a double click', async () => {
    const user = await open()
    await user.button('Continue, leave the rest open').dblclick()
    await user.heading('Two-step sign-in')
    await user.idle()
    expect(await user.page.locator('.steps [aria-current=step]').textContent()).toMatch(/^Two-step sign-in/)
  })

  test('says why something is not possible', async () => {
    const user = await open()
    await user.toWhitelist()
    const turnOn = user.button('Turn on')
    // Playwright would wait until it is possible.
    await turnOn.click({ force: true })
    expect(await turnOn.getAttribute('aria-disabled')).toBe('true')
    expect(await turnOn.getAttribute('title')).toBe(
      'The whitelist needs at least one valid entry before you can turn it on.',
    )
    expect(user.portal.processed('enableIpWhitelist')).toBe(0)
  })

  test('judges an address while it is typed', async () => {
    const user = await open()
    await user.toWhitelist()
    const field = user.page.getByLabel('Address or range')
    for (const [entry, verdict] of [
      ['203.0.113', 'Neither an address nor a range.'],
      ['203.0.113.10', 'A single address.'],
      ['10.1.2.3/8', 'Not the first address of its range'],
      ['::/0', 'Lets everybody in'],
    ] as const) {
      await field.fill(entry)
      await user.page.locator('#verdict', { hasText: verdict }).waitFor()
    }
    expect(await user.page.locator('.list li').count()).toBe(0)
  })

  test('adds a list that was pasted, and says of each line what it was read as', async () => {
    const user = await open({ width: 320 })
    await user.toWhitelist()
    const field = user.page.getByLabel('Paste a list')
    await field.fill(
      '\ufeff; our offices\r\n198.51.100.0 255.255.255.0 # Porto\r\n“192.0.2.6 – 192.0.2.9”;\r\n2001:db8:*\r\n192.0.2.9 - 192.0.2.6\r\n',
    )
    await user.page.locator('#listed', { hasText: 'Entries: 4, 2 of which cannot be saved.' }).waitFor()
    await user.click('Add all')
    for (const [entry, verdict] of [
      ['198.51.100.0 255.255.255.0 → 198.51.100.0/24', 'An address with its netmask'],
      ['192.0.2.6 – 192.0.2.9 → 192.0.2.6/31, 192.0.2.8/31', 'From one address to another'],
      ['2001:db8:*', 'Neither an address nor a range.'],
      ['192.0.2.9 - 192.0.2.6', 'Ends before it starts.'],
    ] as const) {
      await user.item(entry).getByText(verdict).waitFor()
    }
    expect(await field.inputValue()).toBe('')
    expect(await flaws(user.page)).toEqual([])
    expect(await user.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    await user.click('Remove 2001:db8:*')
    await user.click('Remove 192.0.2.9 - 192.0.2.6')
    await user.click('Save')
    await expect
      .poll(() => user.portal.account.ipWhitelist.entries)
      .toEqual(['198.51.100.0/24', '192.0.2.6/31', '192.0.2.8/31'])
  })

  test('takes a code with a space in it, as phones show it', async () => {
    const user = await open()
    await user.toEnrollment()
    const code = await user.portal.authenticator.code()
    await user.enterCode(`${code.slice(0, 3)} ${code.slice(3)}`)
    await user.heading('Two-step sign-in')
    await expect.poll(() => user.item('Authenticator app').getByText('On').count()).toBe(1)
  })

  test('shows the backup codes that a setup brings until they are saved, and never again', async () => {
    const user = await open({ portal: { ...demoPortal(), setupBringsBackupCodes: true } })
    await user.toEnrollment()
    await user.enterCode(await user.portal.authenticator.code())
    await user.say('Save these backup codes')
    const codes = (await user.page.locator('.codes').textContent())?.match(/[a-z2-7]{5}-[a-z2-7]{5}/g) ?? []
    expect(codes).toHaveLength(10)
    expect(await flaws(user.page)).toEqual([])
    await user.page.getByRole('button', { name: 'I have saved them' }).click()
    await user.heading('Two-step sign-in')
    await expect.poll(() => user.item('Authenticator app').getByText('On').count()).toBe(1)
    const page = await user.page.content()
    expect(codes.filter((code) => page.includes(code))).toEqual([])
  })

  test('copies the key for an app without a camera', async () => {
    const user = await open()
    await user.toEnrollment()
    await user.button('Copy the key').click()
    await user.button('Copied').waitFor()
    const copied = await user.page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(user.portal.account.otpSetup?.secret)
    expect(await user.focused()).toBe('Copied')
  })

  describe('when something goes wrong', () => {
    const accepted = (portal: FakePortal) => portal.account.invitations[0]?.status === 'ACCEPTED'

    test('a reply is lost: what was done is shown as done, and is not done again', async () => {
      const user = await open()
      mishaps.loseReply(user.portal)
      await user.click('Accept Acme Operations')
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      expect(user.portal.processed('acceptInvitation')).toBe(1)
    })

    test('a change is lost: it is offered again, and can be made', async () => {
      const user = await open()
      mishaps.loseRequest(user.portal)
      await user.stopClock()
      await user.click('Accept Acme Operations')
      // It may still land, so it is looked at again before it is called not done.
      await user.say(/It continues automatically in 1\d s/)
      await user.page.clock.resume()
      await user.page.clock.fastForward(16_000)
      await user.say('The portal could not be reached')
      expect(accepted(user.portal)).toBe(false)
      await user.click('Accept Acme Operations')
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      expect(accepted(user.portal)).toBe(true)
    })

    test('the portal breaks down: it says so, and the user can go on', async () => {
      const user = await open()
      mishaps.breakDown(user.portal)
      await user.button('Refresh').click()
      await user.button('Try again').waitFor()
      await user.say('The portal is having problems')
      await user.click('Try again')
      await expect.poll(() => user.page.getByRole('alert').count()).toBe(0)
    })

    test('it asks to wait: the time is counted down, and it goes on by itself', async () => {
      const user = await open()
      mishaps.rateLimit(user.portal)
      await user.stopClock()
      await user.button('Refresh').click()
      await user.say(/It continues automatically in 1\d s/)
      await user.page.clock.resume()
      await user.page.clock.fastForward(16_000)
      await expect.poll(() => user.page.getByRole('alert').count()).toBe(0)
    })

    test('another tab accepts: the row says so, and the others stay usable', async () => {
      const user = await open()
      mishaps.acceptElsewhere(user.portal)
      await user.click('Accept Acme Operations')
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      await user.click('Accept Globex Treasury')
      await user.item('Globex Treasury').getByText('Accepted').waitFor()
    })

    test('an invitation expires on screen', async () => {
      const user = await open()
      const expireIn = (ms: number) =>
        user.portal.update(({ invitations }) => {
          for (const invitation of invitations) invitation.expiresAt = user.portal.now() + ms
        })
      expireIn(59_000)
      await user.click('Refresh')
      await user
        .item('Acme Operations')
        .getByText(/^\d+ sec left/)
        .waitFor()
      // The page's clock moves on, and the portal's does not.
      expireIn(0)
      await user.page.clock.fastForward(60_000)
      await user.item('Acme Operations').getByText('Expired').waitFor()
    })

    test('the setup expires: there is a new QR code, and the notice that the old one is dead', async () => {
      const user = await open()
      await user.toEnrollment()
      const old = await user.page.getByRole('img', { name: 'QR code' }).getAttribute('src')
      const code = await user.portal.authenticator.code()
      mishaps.expireSetup(user.portal)
      await user.enterCode(code)
      await user.say('There is a new QR code')
      expect(await user.page.getByRole('img', { name: 'QR code' }).getAttribute('src')).not.toBe(old)
      await user.enterCode(await user.portal.authenticator.code())
      await user.heading('Two-step sign-in')
    })

    test('the phone’s clock is askew: it says by how much, and spends no attempt', async () => {
      const user = await open()
      await user.toEnrollment()
      await user.enterCode(await user.portal.authenticator.code({ skewMs: -120_000 }))
      await user.say(/clock of your phone is about .* behind/)
      expect(user.portal.processed('verifyOtp')).toBe(0)
      expect(user.portal.requests.some(({ operation }) => operation === 'verifyOtp')).toBe(false)
    })

    test('a wrong code that is insisted on is judged by the portal, and counted', async () => {
      const user = await open()
      await user.toEnrollment()
      await user.enterCode('000000')
      await user.say('This code is wrong')
      await user.click('Verify')
      await user.say('Codes refused by the portal: 1.')
      expect(await user.page.getByLabel('Code from the app').inputValue()).toBe('000000')
    })

    test('an admin changes the whitelist meanwhile: nothing is overwritten, nothing typed is lost', async () => {
      const user = await open()
      await user.toWhitelist()
      await user.click(/^Add my address/)
      mishaps.changeWhitelistElsewhere(user.portal)
      await user.click('Save')
      await user.say('Someone else changed the whitelist in the meantime')
      await user.item('203.0.113.10').waitFor()
      expect(user.portal.account.ipWhitelist.entries).toEqual(['198.51.100.1'])
    })

    test('the address changes: a list that would lock the user out is refused', async () => {
      const user = await open()
      await user.toWhitelist()
      await user.click(/^Add my address/)
      mishaps.changeAddress(user.portal)
      await user.click('Turn on')
      await user.page.getByRole('alert').filter({ hasText: 'you would be locked out' }).waitFor()
      expect(user.portal.account.ipWhitelist.enabled).toBe(false)
    })

    test('nobody keeps the change: the former whitelist is back', async () => {
      const user = await open()
      await user.enableWhitelist()
      await user.say(/\d sec left/)
      expect(user.portal.account.ipWhitelist.enabled).toBe(true)
      await user.stopClock(51_000)
      await expect.poll(user.status).toMatch(/ sec left to keep the change/)
      await user.page.clock.resume()
      await user.page.clock.fastForward(10_000)
      await user.say('The change was undone')
      expect(user.portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
    })

    test('the change is undone before the step is left', async () => {
      const user = await open()
      await user.enableWhitelist()
      await user.go('Undo the change and continue', 'Where you are signed in')
      expect(user.portal.account.ipWhitelist).toEqual({ enabled: false, entries: [] })
    })

    test('the user has moved on: a list that would lock him out is not kept; his address is added, and it is', async () => {
      const user = await open()
      await user.enableWhitelist()
      user.portal.moveTo('192.0.2.77')
      await user.click('Keep it')
      await user.page.getByRole('heading', { name: 'This change would lock you out' }).waitFor()
      await user.page
        .getByRole('region', { name: 'This change would lock you out' })
        .getByRole('alert')
        .filter({ hasText: 'If you keep it, it will lock you out' })
        .waitFor()
      expect(await user.page.getByRole('alert').count()).toBe(1)
      await user.click(/^Add my address, 192\.0\.2\.77/)
      await user.click('Save')
      await user.page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
      await user.click('Keep it')
      await expect.poll(user.status).toBe('The change is kept.')
      expect(user.portal.account.ipWhitelist).toEqual({ enabled: true, entries: ['203.0.113.10', '192.0.2.77'] })
      expect(user.portal.login().ok).toBe(true)
    })

    test('nobody knows any more where the user is: he is asked, with the focus on the question and the time on it', async () => {
      const user = await open()
      await user.enableWhitelist()
      user.portal.moveTo('10.0.0.9')
      await user.click('Keep it')
      await user.page.getByRole('heading', { name: 'Keep a list that may lock you out?' }).waitFor()
      await user.say(/\d+ sec left/)
      expect(await user.focused()).toBe('Keep a list that may lock you out?')
      await user.click('Back')
      await user.page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
      expect(await user.focused()).toBe('Keep this change?')
      await user.click('Keep it')
      await user.click('Take the risk, keep it')
      await expect.poll(() => user.page.locator('[id^="question-"]').count()).toBe(0)
      await user.go('Continue', 'Where you are signed in')
    })

    test('a key that is pressed twice keeps nothing that is a risk', async () => {
      const user = await open()
      await user.enableWhitelist()
      user.portal.moveTo('10.0.0.9')
      await user.button('Keep it').focus()
      await user.page.keyboard.press('Enter')
      await user.page.getByRole('heading', { name: 'Keep a list that may lock you out?' }).waitFor()
      await user.page.keyboard.press('Enter')
      await user.idle()
      expect(await user.focused()).toBe('Keep a list that may lock you out?')
    })

    test('the portal is slow to tell what is kept: the question stays, and takes no second answer', async () => {
      const user = await open()
      await user.enableWhitelist()
      const goOn = user.portal.fault('getIpWhitelist', 'hang')
      await user.button('Keep it').click()
      await expect.poll(() => user.button('Undo it').getAttribute('aria-disabled')).toBe('true')
      expect(await user.page.locator('[id^="question-"]').textContent()).toBe('Keep this change?')
      goOn()
      await user.page.clock.fastForward(11_000)
      await expect.poll(() => user.button('Undo it').getAttribute('aria-disabled')).toBeNull()
    })

    test('the token expires: it is renewed, and nobody notices', async () => {
      const user = await open()
      mishaps.expireToken(user.portal)
      await user.click('Accept Acme Operations')
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      expect(await user.page.getByRole('alert').count()).toBe(0)
    })

    test('the session is ended: the user is signed out, and can begin again', async () => {
      const user = await open()
      mishaps.endSession(user.portal)
      await user.go('Refresh', 'You are signed out')
      await user.button('Sign in again').click()
      await user.heading('Your invitations')
    })
  })

  describe('after a reload', () => {
    const reload = async ({ page, idle }: User) => {
      await page.reload()
      await page.locator('main:not(.loading) h1').waitFor()
      await idle()
    }

    test('the step is the same, and what was done stays done', async () => {
      const user = await open()
      await user.click('Accept Acme Operations')
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      await user.go('Continue, leave the rest open', 'Two-step sign-in')
      await reload(user)
      await user.heading('Two-step sign-in')
      expect(user.portal.processed('acceptInvitation')).toBe(1)
    })

    test('the setup goes on without its QR code: the app’s code is still taken', async () => {
      const user = await open()
      await user.toEnrollment()
      const secret = user.portal.account.otpSetup?.secret ?? ''
      const stored = await user.page.evaluate(() => JSON.stringify(sessionStorage))
      expect(stored).toContain('otpEnrollment')
      expect(stored).not.toContain(secret)
      await reload(user)
      await user.say('The QR code is not shown again after a reload')
      expect(user.portal.processed('setupOtp')).toBe(1)
      await user.enterCode(await user.portal.authenticator.code())
      await user.heading('Two-step sign-in')
      await expect.poll(() => user.item('Authenticator app').getByText('On').count()).toBe(1)
    })

    test('the confirmation window is still open, and as long as it was', async () => {
      const user = await open()
      await user.enableWhitelist()
      await reload(user)
      await user.page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
      await user.say(/\d+ sec left/)
      await user.click('Keep it')
      expect(user.portal.account.ipWhitelist.enabled).toBe(true)
    })

    test('another account on the same page begins afresh', async () => {
      const user = await open()
      await user.toMfa()
      user.portal.update((account) => {
        account.email = 'noor@example.com'
        for (const invitation of account.invitations) invitation.inviteeEmail = account.email
      })
      await reload(user)
      await user.heading('Your invitations')
    })

    test('a write under way is not sent again', async () => {
      const user = await open()
      const hang = user.portal.fault('acceptInvitation', 'hangReply')
      await user.button('Accept Acme Operations').click()
      await expect.poll(() => user.portal.processed('acceptInvitation' satisfies PortalOperation)).toBe(1)
      hang()
      await reload(user)
      await user.item('Acme Operations').getByText('Accepted').waitFor()
      expect(user.portal.requests.filter(({ operation }) => operation === 'acceptInvitation')).toHaveLength(1)
    })
  })
})
