import { readFileSync } from 'node:fs'

const { homepage } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly homepage: string
}
const repository = homepage.replace('#readme', '')
const files = `${repository}/blob/HEAD/`
const pictures = `${repository.replace('github.com', 'raw.githubusercontent.com')}/HEAD/`

/** The README for a registry's page, where its relative links and pictures would lead nowhere. */
export const packedReadme = (readme: string) =>
  readme.replace(
    /(!?)(\[[^\]]*\]\()(?![a-z]+:|#)/g,
    (_, mark: string, text: string) => `${mark}${text}${mark === '!' ? pictures : files}`,
  )

/** The README as it is in the repository. */
export const unpackedReadme = (readme: string) =>
  readme.replaceAll(`](${files}`, '](').replaceAll(`](${pictures}`, '](')
