import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { languages, loadMessages } from 'postlogin'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { textsOf, words, wordsIn } from '../support/texts.ts'
import { openSite, pages, type Site } from './site.ts'
import { visit } from './visit.ts'

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

/** The text of what sticks out of the window, or out of what it is in, to either side. */
const overflows = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const isSticking = (part: DOMRect, { left, right }: Pick<DOMRect, 'left' | 'right'>, by: number) =>
      part.left < left - by || part.right > right + by
    const isBlock = (element: Element) => getComputedStyle(element).display !== 'inline'
    const boxOf = (element: Element): Element =>
      isBlock(element) || element.parentElement === null ? element : boxOf(element.parentElement)
    /** The lines of its own text. Where a box begins before it is cut off, nothing else tells: `scrollWidth` counts its end alone. */
    const linesOf = (element: Element) =>
      [...element.childNodes].flatMap((node) => {
        const range = document.createRange()
        range.selectNode(node)
        return node instanceof Text && node.data.trim() !== '' ? [...range.getClientRects()] : []
      })
    const wide = [...document.querySelectorAll('header *, nav *, main, main *')].filter((element) => {
      const rect = element.getBoundingClientRect()
      const box = boxOf(element).getBoundingClientRect()
      return (
        box.width > 1 &&
        (isSticking(rect, { left: 0, right: clientWidth }, 1) ||
          (isBlock(element) && element.scrollWidth > element.clientWidth + 2) ||
          linesOf(element).some((line) => isSticking(line, box, 2)))
      )
    })
    return [...(scrollWidth > clientWidth ? ['the page'] : []), ...wide.map((element) => `${element.textContent}`)]
  })

const css = readFileSync(fileURLToPath(new URL('../../examples/shared/portal.css', import.meta.url)), 'utf8')

const drawnIn = (attribute: string, main: string) =>
  `<html ${attribute}><style>${css}</style><div id="app"><main class="card">${main}</main></div></html>`

const long = 'Sicherheitsüberprüfung'.repeat(4)

describe.each(['ltr', 'rtl'])('what is too long is seen (%s):', (dir) => {
  test.each([
    ['a note', `<p class="note" style="white-space: nowrap">${long}</p>`],
    ['a word that nobody breaks', `<h1 style="overflow-wrap: normal; word-break: normal; hyphens: none">${long}</h1>`],
    ['a button', `<button class="plain" style="white-space: nowrap">${long}</button>`],
    ['a button that does not grow', `<button class="plain" style="white-space: nowrap; width: 9em">${long}</button>`],
    ['a name in a line', `<p class="note" style="white-space: nowrap"><bdi>${long}</bdi></p>`],
    ['what begins before its box', `<p class="note" style="text-indent: -2em">${long}</p>`],
    ['what is cut off', `<p class="note" style="white-space: nowrap; overflow: hidden">${long}</p>`],
    ['what is centered', `<p style="display: flex; justify-content: center; white-space: nowrap">${long}</p>`],
    [
      'what is moved out of the window',
      `<div style="overflow: hidden"><p style="margin-inline-start: -6em">${long}</p></div>`,
    ],
  ])('%s', async (_, main) => {
    const page = await browser.newPage({ viewport: { width: 320, height: 900 } })
    onTestFinished(() => page.close())
    await page.setContent(drawnIn(`dir="${dir}"`, main))
    expect((await overflows(page)).filter((text) => text.includes(long))).not.toEqual([])
    await page.setContent(drawnIn(`dir="${dir}"`, main.replace(/ style=".*?"/g, '').replaceAll(long, 'Short.')))
    expect(await overflows(page)).toEqual([])
  })
})

test.each(languages)(
  'every text for %s fits on a screen of 320 px, and so does every word of the pages',
  async (language) => {
    const page = await browser.newPage({ viewport: { width: 320, height: 900 } })
    onTestFinished(() => page.close())
    await page.setContent(drawnIn(`lang="${language}"`, ''))
    const texts = textsOf(await loadMessages(language)).map(([, text]) => text)
    const said = wordsIn(words[language])
    const isButton = (key: string) => /^(labels|named|finish)\.|confirm$|cancel$/.test(key)
    const drawn = await page.evaluate(
      ({ notes, buttons, titles }) => {
        const main = document.querySelector('main') ?? document.body
        const draw = (name: string, className: string) => (text: string) => {
          const element = main.appendChild(document.createElement(name))
          element.className = className
          element.textContent = text
          return element.getBoundingClientRect().height
        }
        return [...titles.map(draw('h1', '')), ...notes.map(draw('p', 'note')), ...buttons.map(draw('button', 'plain'))]
      },
      {
        titles: Object.values(words[language].titles),
        notes: [...texts, ...said.flatMap(([key, text]) => (isButton(key) ? [] : [text]))].filter(
          (text) => text.trim() !== '',
        ),
        buttons: said.flatMap(([key, text]) => (isButton(key) ? [text] : [])),
      },
    )
    expect(drawn.length).toBeGreaterThan(300)
    expect(drawn.filter((height) => height < 10)).toEqual([])
    expect(await overflows(page)).toEqual([])
  },
)

describe.each(pages)('the page in %s', (frontEnd) => {
  const open = (options: Parameters<typeof visit>[1]) => visit({ browser, site, frontEnd }, options)

  test.each([
    ['zh', 'zh'],
    ['zh_HK', 'zh-Hant'],
    ['ja-JP', 'ja'],
    ['vi', 'vi'],
    ['de-AT', 'de'],
    ['fr', 'en'],
  ] as const)('asked for in %s, is in %s', async (asked, language) => {
    const { page, heading } = await open({ language: asked, width: 320 })
    await heading(words[language].titles.invitations)
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      language,
      'ltr',
    ])
    expect(await overflows(page)).toEqual([])
  })

  test('is in English where its own language does not come', async () => {
    const { page, heading } = await open({ language: 'ja', missing: /japanese/ })
    await heading(words.en.titles.invitations)
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  })

  test.each([320, 1000])('keeps its layout when it is mirrored, at %i px', async (width) => {
    const user = await open({ width })
    const { page } = user
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl'
    })
    const xOf = async (selector: string) => (await page.locator(selector).first().boundingBox())?.x ?? Number.NaN
    expect(await xOf('.bar button')).toBeLessThan(await xOf('.brand'))
    expect(await overflows(page)).toEqual([])
    await user.toEnrollment()
    expect(await overflows(page)).toEqual([])
    await user.click('Back')
    await user.go('Continue without it', 'IP whitelist')
    await user.click(/^Add my address/)
    await user.click('Turn on')
    await page.getByRole('heading', { name: 'Keep this change?' }).waitFor()
    expect(await overflows(page)).toEqual([])
  })
})
