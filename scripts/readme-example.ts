import { readFileSync } from 'node:fs'

/** The first TypeScript example of the README, as it stands there. */
export function readmeExample(): string {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1]
  if (example === undefined) throw new Error('The README has no TypeScript example')
  return example
}
