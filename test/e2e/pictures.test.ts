import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Mermaid, MermaidConfig } from 'mermaid'
import { expect, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'

/** Mermaid's pictures on our pages, at the size at which GitHub shows them: scaled down to the width of the text, never up. */

declare global {
  var mermaid: Mermaid
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Of the text on a GitHub page, in px. */
const GITHUB_WIDTH = 830
/** The size of small print at GitHub. */
const LEGIBLE_PX = 12
/** In px: two screens of a small laptop, so that one scroll shows the rest of a picture. */
const MAX_HEIGHT = 1_200

/** GitHub may run either. The letters of Mermaid 11 are 16 px high, those of 12 are 14. */
const layouts: Record<string, MermaidConfig> = {
  'as Mermaid 12 draws': {},
  'as Mermaid 11 draws': {
    layout: 'dagre',
    look: 'classic',
    theme: 'default',
    state: { layout: 'dagre', look: 'classic', theme: 'default' },
    flowchart: { layout: 'dagre', look: 'classic', theme: 'default' },
  },
}

interface Picture {
  readonly name: string
  readonly text: string
}

function picturesIn(file: string): Picture[] {
  const page = readFileSync(`${ROOT}${file}`, 'utf8')
  return [...page.matchAll(/```mermaid\n(.*?)```/gs)].map(({ 1: text = '', index }) => {
    const headings = page.slice(0, index).match(/^##+ .*$/gm) ?? []
    const [part, title] = ['## ', '### '].map((level) => headings.findLast((line) => line.startsWith(level)) ?? '')
    return { name: [file, part, title].join(' '), text }
  })
}

test.each(Object.entries(layouts))('every picture can be read on GitHub, %s', async (_, layout) => {
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`)
  const pages = [...readdirSync(ROOT), ...docs, 'machines/README.md'].filter((name) => name.endsWith('.md'))
  const pictures = pages.flatMap(picturesIn)
  expect(pictures.length).toBeGreaterThanOrEqual(17)

  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: GITHUB_WIDTH, height: 900 } })
    await page.setContent('<!doctype html><style>body { margin: 0 }</style><main></main>')
    await page.addScriptTag({ path: `${ROOT}node_modules/mermaid/dist/mermaid.min.js` })
    const measured = await page.evaluate(
      async ({ pictures, layout }) => {
        mermaid.initialize({ startOnLoad: false, ...layout })
        const place = document.querySelector('main') ?? document.body
        const figures = []
        for (const [index, { name, text }] of pictures.entries()) {
          place.innerHTML = (await mermaid.render(`picture-${index}`, text)).svg
          const svg = place.querySelector('svg')
          if (svg === null) throw new Error(`No picture: ${name}`)
          const { width, height } = svg.getBoundingClientRect()
          const scale = width / svg.viewBox.baseVal.width
          const letters = [...svg.querySelectorAll('p, text, span')]
            .filter(({ textContent }) => textContent?.trim() !== '')
            .map((element) => Number.parseFloat(getComputedStyle(element).fontSize))
          figures.push({ name, letters: Math.min(...letters) * scale, height })
        }
        return figures
      },
      { pictures, layout },
    )
    const lines = measured.map((figure) => ({
      ...figure,
      line: `${figure.letters.toFixed(1)} px, ${Math.round(figure.height)} high: ${figure.name}`,
    }))
    expect(lines.filter(({ letters }) => !(letters >= LEGIBLE_PX)).map(({ line }) => line)).toEqual([])
    expect(lines.filter(({ height }) => height > MAX_HEIGHT).map(({ line }) => line)).toEqual([])
  } finally {
    await browser.close()
  }
})
