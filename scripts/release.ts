import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

/** Turns what is unreleased in CHANGELOG.md into the version that `changeset version` has just put into package.json. */

export const released = (changelog: string, version: string, date: string) =>
  changelog
    .replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`)
    .replace(' Nothing has been published yet.', '')

if (argv[1] === fileURLToPath(import.meta.url)) {
  const changelog = new URL('../CHANGELOG.md', import.meta.url)
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
  const today = new Date().toISOString().slice(0, 10)
  writeFileSync(changelog, released(readFileSync(changelog, 'utf8'), version, today))
}
