import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packedPage } from './page-links.ts'

/** Builds the reference, a site with search that opens from files: `docs/site`, with the pages of `docs/` in it. Refuses broken links and heavy pages. */

const root = fileURLToPath(new URL('..', import.meta.url))
const site = join(root, 'docs/site')

const PAGE_MAX_BYTES = 200_000
/** For who works on the package, not for who uses it. */
const leftOut = ['ARCHITECTURE.md', 'README.md', 'public-surface.md']
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !leftOut.includes(name))

/** A page whose links to other pages stay in the site, and whose other links lead to the repository. TypeDoc copies the pictures. */
function forSite(folder: string, text: string): string {
  return text.replace(/(!?)(\[[^\]]*\]\()(?![a-z]+:|#)([^)\s]+)/g, (_, mark: string, label: string, link: string) => {
    const target = normalize(join(folder, link))
    if (mark === '!') return `!${label}../${target}`
    const [, page, anchor = ''] = /^docs\/([\w-]+\.md)(#.*)?$/.exec(target) ?? []
    return page !== undefined && pages.includes(page)
      ? `${label}${page}${anchor}`
      : packedPage('README.md', `${label}${target}`)
  })
}

function build(): void {
  const folder = mkdtempSync(join(root, '.site-'))
  try {
    for (const name of pages)
      writeFileSync(join(folder, name), forSite('docs', readFileSync(join(root, 'docs', name), 'utf8')))
    writeFileSync(join(folder, 'README.md'), forSite('.', readFileSync(join(root, 'README.md'), 'utf8')))
    const documents = pages.flatMap((name) => ['--projectDocuments', join(folder, name)])
    execFileSync('npx', ['typedoc', '--readme', join(folder, 'README.md'), ...documents], {
      cwd: root,
      stdio: 'inherit',
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const files = () => readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'))

/** What a docstring cites of the contract becomes a link to it. */
function linkCitations(): void {
  for (const path of files()) {
    const up = '../'.repeat(path.split('/').length - 1)
    const page = readFileSync(join(site, path), 'utf8')
    const linked = page.replace(/(?<![\w/])docs\/([\w-]+)\.md(#[\w-]+)?/g, (cited, name: string, anchor = '') =>
      pages.includes(`${name}.md`) ? `<a href="${up}documents/${name}.html${anchor}">${cited}</a>` : cited,
    )
    if (linked !== page) writeFileSync(join(site, path), linked)
  }
}

/** What is wrong with the site: links that lead nowhere, and pages that are slow to load. */
function problems(): readonly string[] {
  const paths = files()
  const texts = new Map(paths.map((path) => [path, readFileSync(join(site, path), 'utf8')]))
  const ids = new Map(
    [...texts].map(([path, text]) => [path, new Set([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id))]),
  )
  return [...texts].flatMap(([path, text]) => {
    const links = [...text.matchAll(/<a\b[^>]*\bhref="(?![a-z]+:)([^"]*)"/g)].map(([, link = '']) => link)
    const broken = [...new Set(links)].filter((link) => {
      const [target = '', anchor] = link.split('#')
      const found = ids.get(target === '' ? path : normalize(join(dirname(path), target)))
      return found === undefined || (anchor !== undefined && anchor !== '' && !found.has(decodeURIComponent(anchor)))
    })
    const size = Buffer.byteLength(text)
    return [
      ...broken.map((link) => `${path}: ${link} leads nowhere`),
      ...(size > PAGE_MAX_BYTES ? [`${path}: ${size} bytes, and ${PAGE_MAX_BYTES} are allowed`] : []),
    ]
  })
}

build()
linkCitations()
const found = problems()
if (found.length > 0) throw new Error(`The reference in docs/site:\n${found.join('\n')}`)
console.log(`${files().length} pages in docs/site, no broken link: open docs/site/index.html`)
