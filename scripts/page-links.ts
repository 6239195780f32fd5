import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

const { homepage } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly homepage: string
}
const repository = homepage.replace('#readme', '')
const files = `${repository}/blob/HEAD/`
const pictures = `${repository.replace('github.com', 'raw.githubusercontent.com')}/HEAD/`

/** The pages are in the package beside one another; the README is also a registry's page, where no link of its own leads anywhere. */
const isBeside = (page: string, target: string) =>
  page !== 'README.md' && /^(docs\/[^/]+\.md|README\.md|CHANGELOG\.md)$/.test(target)

/** A page as it is packed: what its relative links lead to is there, or in the repository. */
export const packedPage = (page: string, text: string) =>
  text.replace(
    /(!?)(\[[^\]]*\]\()(?![a-z]+:|#)([^)#]+)/g,
    (link: string, mark: string, label: string, path: string) => {
      const target = posix.join(posix.dirname(page), path)
      return isBeside(page, target) ? link : `${mark}${label}${mark === '!' ? pictures : files}${target}`
    },
  )

/** The page as it is in the repository. */
export const unpackedPage = (page: string, text: string) =>
  [files, pictures].reduce(
    (unpacked, base) =>
      unpacked
        .split(`](${base}`)
        .map((part, index) => (index === 0 ? part : part.replace(/^[^)#]+/, (path) => relativePath(page, path))))
        .join(']('),
    text,
  )

const relativePath = (page: string, target: string) => posix.relative(posix.dirname(page), target)
