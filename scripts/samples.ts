import { readdirSync, readFileSync } from 'node:fs'

const root = new URL('..', import.meta.url)

/** The pages for readers, by their paths; the README first. The report of the public surface is for reviews. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(new URL('docs', root))
    .filter((name) => name.endsWith('.md') && name !== 'public-surface.md')
    .map((name) => `docs/${name}`)
    .sort(),
]

/** A block of code on a page. */
export interface Sample {
  readonly language: string
  /** The file that it is in a project of its reader's; null where it is a part of one. */
  readonly file: string | null
  readonly code: string
}

/** All of a page in their order, as they stand there; without those that fold out, which are for frameworks. */
export function samplesOf(page: string): readonly Sample[] {
  const text = readFileSync(new URL(page, root), 'utf8').replace(/<details>[\s\S]*?<\/details>/g, '')
  return [...text.matchAll(/^```(\S*)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file = null, code = '']) => ({ language, file, code }),
  )
}

/** The first one of the README that is TypeScript. */
export function readmeExample(): string {
  const example = samplesOf('README.md').find(({ language }) => language === 'ts')
  if (example === undefined) throw new Error('The README has no TypeScript example')
  return example.code
}
