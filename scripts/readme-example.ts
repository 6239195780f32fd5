import { readFileSync } from 'node:fs'

/** The TypeScript samples of the README in their order, as they stand there; those that fold out apart, which are for frameworks. */
export function readmeSamples(): readonly string[] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const unfolded = readme.replace(/<details>[\s\S]*?<\/details>/g, '')
  return [...unfolded.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, sample = '']) => sample)
}

/** The first of them. */
export function readmeExample(): string {
  const [example] = readmeSamples()
  if (example === undefined) throw new Error('The README has no TypeScript example')
  return example
}
