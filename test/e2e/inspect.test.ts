import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { machines } from '../../scripts/diagrams/machines.ts'
import { boxId, picturesOf } from '../../scripts/diagrams/pictures.ts'
import { statesOf } from '../../scripts/diagrams/walk.ts'
import { launchChromium } from '../support/chromium.ts'
import { findLeaks } from '../support/leaks.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { openSite, type Site } from './site.ts'
import { flaws } from './visit.ts'

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite(['inspect', 'vanilla'])
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

const isHere = (url: string) => /^(http:\/\/127\.0\.0\.1:|data:|blob:|about:)/.test(url)

let visits = 0

async function openContext() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const elsewhere: string[] = []
  const problems: string[] = []
  context.on('request', (request) => {
    if (!isHere(request.url())) elsewhere.push(request.url())
  })
  context.on('weberror', (error) => void problems.push(String(error.error())))
  onTestFinished(async () => {
    await context.close()
    expect(problems).toEqual([])
  })
  const account = `inspected-${++visits}`
  return { context, account, portal: site.portals.get(account), elsewhere }
}

/** The charts, with the page that they are of inside. */
async function openCharts() {
  const { context, account, ...rest } = await openContext()
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${site.url}inspect/?account=${account}`)
  const flow = page.frameLocator('#page')
  return { ...rest, context, page, flow, ...looking(page), click: clicking(flow) }
}

const clicking = (page: Pick<Page, 'getByRole' | 'locator'>) => async (name: string | RegExp) => {
  await page.locator('main[aria-busy="false"]').waitFor()
  await page.getByRole('button', { name, exact: true }).click()
}

function looking(page: Page) {
  const boxesOf = (selector: string) =>
    page
      .locator(selector)
      .evaluateAll((boxes) => [...new Set(boxes.map(({ id }) => /-state-(.+)-\d+$/.exec(id)?.[1] ?? id))].sort())
  return {
    boxes: () => boxesOf('#charts .node'),
    lit: () => boxesOf('#charts .lit'),
    front: () => page.locator('#tabs [aria-current=true]').textContent(),
    last: () => page.locator('#last').textContent(),
    lines: async () => {
      const texts = await page.locator('#log summary').allTextContents()
      return texts.map((text) => text.replace(/^[\d:.]+ /, '').trim())
    },
  }
}

/** The paths in the words of the pictures. */
const boxesOf = (...paths: string[]) => paths.map((path) => boxId({ path: path.split('.') })).sort()

describe('the flow beside its charts', () => {
  test('lights what is active and logs what happens, as the user goes on', async () => {
    const { context, portal, click, flow, page, front, lit, last, lines, elsewhere } = await openCharts()
    await expect.poll(lit).toEqual(['inbox'])
    expect(await front()).toBe('invitations')

    // Held until it has been seen under way.
    let letGo = () => {}
    const isSeen = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await context.route(/\/accept$/, async (route) => {
      await isSeen
      await route.continue()
    })
    await click(/^Accept .*Acme Operations/)
    await expect.poll(last).toBe('invitation.accept: inbox → working.accepting.sending')
    await expect.poll(lit).toEqual(boxesOf('working', 'working.accepting.sending'))
    expect(await page.locator('#charts .taken').count()).toBe(1)
    letGo()
    await expect.poll(lit).toEqual(['inbox'])
    expect((await lines()).slice(0, 3)).toEqual([
      'invitations ✓ invitations.read working.reading → inbox',
      'invitations ✓ invitations.accept working.accepting.sending → working.reading',
      'invitations invitation.accept inbox → working.accepting.sending',
    ])
    const accepted = page.locator('#log li').filter({ hasText: 'invitation.accept' })
    await accepted.locator('summary').click()
    expect(JSON.parse((await accepted.locator('pre').textContent()) ?? '')).toEqual({
      type: 'invitation.accept',
      invitationBizId: portal.account.invitations[0]?.invitationBizId,
    })

    await click(/^Continue/)
    await expect.poll(front).toBe('mfa')
    await expect.poll(lit).toEqual(boxesOf('atRest', 'atRest.overview'))
    await click('Set up the app')
    await expect.poll(front).toBe('otpEnrollment')
    await expect.poll(lit).toEqual(['awaitingCode'])
    await flow.getByRole('button', { name: 'Back', exact: true }).click()
    await expect.poll(front).toBe('mfa')
    expect(elsewhere).toEqual([])
  })

  test('shows the other machine while its tab is pinned', async () => {
    const { page, click, front, lit } = await openCharts()
    const reads = ['invitations', 'methods', 'whitelist', 'sessions', 'workspaces'].map((part) => `${part}.read`)
    const besideReads = (step: string) =>
      boxesOf('flow.machines.ready', 'flow.reads', ...reads.map((state) => `flow.reads.${state}`), `flow.steps.${step}`)
    await expect.poll(lit).toEqual(['inbox'])
    const tab = page.locator('#tabs').getByRole('button', { name: 'onboarding' })
    await tab.click()
    await expect.poll(lit).toEqual(besideReads('invitations'))
    await click(/^Continue/)
    await expect.poll(lit).toEqual(besideReads('mfa'))
    expect(await front()).toBe('onboarding')
    await tab.click()
    expect(await front()).toBe('mfa')
  })

  test('lights the states that are active side by side', async () => {
    const { portal, click, flow, front, lit, last } = await openCharts()
    await click(/^Continue/)
    await flow.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
    await click('Continue without it')
    await expect.poll(front).toBe('ipWhitelist')
    await click(/^Add my address/)
    portal.fault('getIpWhitelist', 'hang')
    await click('Turn on')
    // The regions themselves have no box: their states have.
    const drawn = boxesOf(
      ...['making', 'making.checking', 'making.checking.whitelist.reading', 'making.checking.address.read'],
    )
    await expect.poll(lit).toEqual(drawn)
    expect(await last()).toContain('whitelist.reading')
  })

  test('draws every state of every chart that the machine can be in', async () => {
    const { page, boxes } = await openCharts()
    for (const { id, root } of machines) {
      await page.locator('#tabs').getByRole('button', { name: id, exact: true }).click()
      await page.locator(`#charts[data-machine=${id}]`).waitFor()
      const drawn = await boxes()
      // A region, and a state that is drawn as what is inside it, has no box of its own.
      const isDrawn = (state: AnyStateNode): boolean =>
        state.type === 'final' ||
        drawn.includes(boxId(state)) ||
        (['compound', 'parallel'].includes(state.type) && Object.values(state.states).every(isDrawn))
      // Where the machine ends is drawn where an arrow leads there, and the pictures leave some arrows out.
      const missing = statesOf(root)
        .slice(1)
        .filter((state) => !isDrawn(state))
      expect(missing.map(({ id }) => id)).toEqual([])
      const { smooth, failing, inside, sideBySide } = picturesOf(root)
      const arrows = [...smooth, ...failing, ...inside, ...sideBySide].flatMap((picture) => picture.arrows)
      expect(await page.locator('#charts path.transition').count()).toBe(arrows.length)
    }
  })

  test('shows no secret, and asks nobody but this computer', async () => {
    const { portal, click, flow, page, front, lit, lines, elsewhere } = await openCharts()
    await click(/^Continue/)
    await flow.getByRole('heading', { name: 'Two-step sign-in' }).waitFor()
    await click('Set up the app')
    await expect.poll(lit).toEqual(['awaitingCode'])
    const code = await portal.authenticator.code()
    const secret = portal.account.otpSetup?.secret ?? ''
    expect(secret).not.toBe('')
    await flow.getByLabel('Code from the app').fill(code)
    await click('Verify')
    await expect.poll(front).toBe('mfa')
    await expect.poll(async () => (await lines()).join('\n')).toContain('otpEnrollment code.submit')
    await page.locator('#tabs').getByRole('button', { name: 'otpEnrollment' }).click()
    await page.locator('#state').getByText('context').waitFor()
    const { accessToken } = portal.account
    const shown = await page.content()
    expect(shown).toContain('code.submit')
    expect(findLeaks(shown, { texts: new Set([accessToken, secret]), codes: new Set([code]), keys: [] })).toEqual([])
    expect(elsewhere).toEqual([])
  })

  test('has no flaw that axe finds, in either theme', async () => {
    const { page, lit } = await openCharts()
    await expect.poll(lit).toEqual(['inbox'])
    expect(await flaws(page)).toEqual([])
  })

  test('catches up with a page that has been open in another tab', async () => {
    const { context, account, portal } = await openContext()
    const page = await context.newPage()
    await page.goto(`${site.url}vanilla/?inspect&account=${account}`)
    await clicking(page)(/^Accept .*Acme Operations/)
    await expect.poll(() => portal.account.invitations[0]?.status).toBe('ACCEPTED')
    const charts = await context.newPage()
    await charts.goto(`${site.url}inspect/?page=elsewhere`)
    const { lit, front, lines } = looking(charts)
    await expect.poll(lit).toEqual(['inbox'])
    expect(await front()).toBe('invitations')
    expect(await lines()).toContain('invitations invitation.accept inbox → working.accepting.sending')
  })

  test('opens the hosted inspector on the flow that is on screen', async () => {
    const { context, page, lit, portal } = await openCharts()
    await stubInspector(context)
    await expect.poll(lit).toEqual(['inbox'])
    const opened = context.waitForEvent('page')
    await page.getByRole('button', { name: 'Open in the Stately inspector' }).click()
    const told = () => inspector.locator('pre').textContent()
    const inspector = await opened
    await expect.poll(told).toContain('"value":"inbox"')
    expect(new URL(inspector.url()).origin).toBe('https://stately.ai')
    expect(await told()).not.toContain(portal.account.accessToken)
  })
})

/** What stands at stately.ai, for a test without a network. */
async function stubInspector(context: BrowserContext): Promise<void> {
  const body = `<!doctype html><pre></pre><script>
    addEventListener('message', ({ data }) => document.querySelector('pre').append(JSON.stringify(data)))
    opener.postMessage({ type: '@statelyai.connected' }, '*')
  </script>`
  await context.route('https://stately.ai/**', (route) => route.fulfill({ contentType: 'text/html', body }))
}
