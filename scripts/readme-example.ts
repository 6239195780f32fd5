import { readFileSync } from 'node:fs'

/** The TypeScript samples of a page in their order, as they stand there; those that fold out apart, which are for frameworks. */
export function samplesOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')
  const unfolded = text.replace(/<details>[\s\S]*?<\/details>/g, '')
  return [...unfolded.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, sample = '']) => sample)
}

/** The first one of the README. */
export function readmeExample(): string {
  const [example] = samplesOf('README.md')
  if (example === undefined) throw new Error('The README has no TypeScript example')
  return example
}
