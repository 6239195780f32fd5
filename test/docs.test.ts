import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMachines, createPortalApi } from 'postlogin'
import { createFakePortal, walkTo } from 'postlogin/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createActor } from 'xstate'
import { contractPage } from '../scripts/contract.ts'
import { openApiPage } from '../scripts/openapi.ts'
import { packedPage, unpackedPage } from '../scripts/page-links.ts'
import { pages as allPages } from '../scripts/samples.ts'
import { channelEndpoints, endpoints } from '../src/api/endpoints.ts'
import * as inferred from '../src/api/inferred.ts'
import { inferredChoices } from '../src/api/inferred-choices.ts'
import * as choices from '../src/secure-channel/choices.ts'
import { behaviorFields } from '../src/testing/behavior.ts'

/** What is written about the code agrees with it: links lead somewhere, citations name a section that exists. */

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    // What other tests write for a while begins with a dot.
    if (entry.isDirectory()) return /^(node_modules$|\.)/.test(entry.name) ? [] : filesIn(path)
    return [path]
  })

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const seen = new Map<string, number>()
  const headings = [...withoutCode(page).matchAll(/^#+ (.+)$/gm)]
  return headings.map(([, heading = '']) => {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    const before = seen.get(anchor) ?? 0
    seen.set(anchor, before + 1)
    return before === 0 ? anchor : `${anchor}-${before}`
  })
}

const withoutCode = (page: string) => page.replace(/^```.*?^```$/gms, '')

describe('every relative link leads to a file and a heading that exist', () => {
  const pages = [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    'machines/README.md',
    ...filesIn('docs').filter((path) => path.endsWith('.md')),
  ]

  test.each(pages)('in %s', (page) => {
    const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    expect(broken).toEqual([])
  })
})

test('packed, every link of README.md leads to the repository', () => {
  const readme = read('README.md')
  const packed = packedPage('README.md', readme)
  expect(packed).toContain('](https://raw.githubusercontent.com/slaunchx/postlogin/HEAD/examples/pictures/mfa.png)')
  expect(packed).toContain('](https://github.com/slaunchx/postlogin/blob/HEAD/docs/contract.md#inferred)')
  expect(withoutCode(packed).match(/\]\((?!https?:|#)[^)]*\)/g)).toBeNull()
})

test.each(allPages)(
  'packed, %s leads to the repository where what it names is not packed; unpacked, it is as before',
  (page) => {
    const packed = packedPage(page, read(page))
    const links = [...withoutCode(packed).matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, link = '']) =>
      join(dirname(page), link),
    )
    expect(links.filter((path) => !allPages.includes(path) && path !== 'CHANGELOG.md')).toEqual([])
    expect(unpackedPage(page, packed)).toBe(read(page))
  },
)

describe('docs/contract.md', () => {
  const contract = read('docs/contract.md')
  const sources = ['README.md', ...['src', 'machines', 'test', 'examples', 'scripts', 'bench'].flatMap(filesIn)].filter(
    (path) => /\.(ts|tsx|vue|svelte|md)$/.test(path) && path !== 'test/docs.test.ts',
  )

  test('has every section that is cited', () => {
    const anchors = anchorsOf(contract)
    const lost = sources.flatMap((path) =>
      [...read(path).matchAll(/docs\/contract\.md#([\w-]+)/g)]
        .filter(([, anchor = '']) => !anchors.includes(anchor))
        .map(([citation]) => `${path}: ${citation}`),
    )
    expect(lost).toEqual([])
  })

  test('is cited in no other way', () => {
    const strange = sources.flatMap((path) =>
      [...read(path).matchAll(/.*(\bcontract \d|\bapi\.md\b|\bthe guide\b).*/g)].map(([line]) => `${path}: ${line}`),
    )
    expect(strange).toEqual([])
  })

  test('lists the operations as the adapter sends them', () => {
    const rows = Object.values({ ...endpoints, ...channelEndpoints })
    const unlisted = rows.filter(
      ({ operation, method, path }) =>
        !contract
          .split('\n')
          .some((row) => row.startsWith(`| [\`${operation}\`](`) && row.includes(`| ${method} \`${path}\``)),
    )
    expect(unlisted.map(({ operation }) => operation)).toEqual([])
  })

  test('lists the inferred choices as the register has them', () => {
    expect(contract).toBe(contractPage())
  })

  test('is also docs/openapi.yaml, as `npm run openapi` writes it', () => {
    expect(read('docs/openapi.yaml')).toBe(openApiPage())
  })

  test('marks an inferred choice where the register says so, and nowhere else', () => {
    const [text = ''] = contract.split('\n## Inferred\n')
    const [, ...sections] = text.split(/^#+ (?=.*\n)/m).slice(1)
    const marks = sections.flatMap((section) =>
      Array.from(section.matchAll(/`\[I\]`/g), () => anchorsOf(`# ${section}`)[0] ?? ''),
    )
    const registered = inferredChoices.map(({ section }) => section)
    expect(new Set(registered)).toEqual(new Set(marks))
    // A mark may stand for several choices, never for none.
    const times = (names: readonly string[], name: string) => names.filter((each) => each === name).length
    expect(marks.filter((mark) => times(marks, mark) > times(registered, mark))).toEqual([])
  })

  test('finds each inferred choice in the code, and each one of the code in the register', () => {
    const named = inferredChoices.flatMap(({ line }) => line.names)
    const unlisted = [...Object.keys(inferred), ...Object.keys(choices)].filter((name) => !named.includes(name))
    const lost = inferredChoices.filter(({ line }) => !line.names.every((name) => read(line.file).includes(name)))
    expect({ unlisted, lost }).toEqual({ unlisted: [], lost: [] })
    expect(new Set(inferredChoices.map(({ id }) => id)).size).toBe(inferredChoices.length)
  })
})

/** A section of a page without those below it. */
function sectionOf(page: string, heading: string): string {
  const [, rest = ''] = read(page).split(`\n${heading}\n`)
  return rest.split(/^#/m)[0] ?? ''
}

const codeIn = (text: string) => [...text.matchAll(/`([\w.]+)/g)].map(([, name = '']) => name)

test('docs/testing.md lists the options of the fake portal', () => {
  const rows = [...sectionOf('docs/testing.md', '### Options').matchAll(/^\| (`[^|]+) \|/gm)]
  const options = ['account', 'clock', 'portalOffsetMs', 'secureChannel', ...Object.keys(behaviorFields)]
  expect(rows.flatMap(([, cell = '']) => codeIn(cell)).sort()).toEqual(options.sort())
})

test.each(['invitations', 'mfa', 'otpEnrollment', 'ipWhitelist', 'sessions', 'workspace'] as const)(
  'docs/embedding.md lists what the screen %s holds',
  async (name) => {
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const baseUrl = 'https://portal.example.com/prometheus'
    const api = createPortalApi({
      baseUrl,
      portalAccessCode,
      clientHash,
      accessToken: () => accessToken,
      fetch: portal.fetch,
    })
    const policy = { ipWhitelist: 'show', sessions: 'show', workspace: 'show' } as const
    const flow = createActor(createMachines(api).onboarding, { input: { policy } }).start()
    onTestFinished(() => void flow.stop())
    const screen = await walkTo(flow, name)
    const lines = sectionOf('docs/embedding.md', '### What each screen holds').split('\n')
    // Its own row, and the text around the table.
    const listed = codeIn(lines.filter((line) => !line.startsWith('|') || line.startsWith(`| \`${name}\``)).join('\n'))
    const [row = {}] = 'rows' in screen ? screen.rows : []
    const actions = Object.entries(row).filter(
      ([, value]) => typeof value === 'object' && value !== null && 'event' in value,
    )
    const held = [...Object.keys(screen), ...actions.map(([key]) => key)]
    expect(held.filter((key) => !listed.includes(key))).toEqual([])
  },
)

test('docs/embedding.md lists the headers that a portal of another origin has to allow', async () => {
  const portal = createFakePortal()
  const { portalAccessCode, clientHash, accessToken } = portal.account
  const api = createPortalApi({
    baseUrl: 'https://portal.example.com/prometheus',
    portalAccessCode,
    clientHash,
    accessToken: () => accessToken,
    locale: 'en',
    fetch: portal.fetch,
  })
  await api.replaceIpWhitelist({ entries: ['192.0.2.7'] })
  const sent = portal.requests.flatMap(({ headers }) => Object.keys(headers))
  const [, listed = ''] = /^Access-Control-Allow-Headers: (.*)$/m.exec(read('docs/embedding.md')) ?? []
  // Any page may send `Accept`, whatever its value.
  const needed = new Set(sent.map((name) => name.toLowerCase()).filter((name) => name !== 'accept'))
  expect(new Set(listed.toLowerCase().split(', '))).toEqual(needed)
})
