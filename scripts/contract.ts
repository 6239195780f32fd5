import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { inferredChoices } from '../src/api/inferred-choices.ts'

/** Writes what is made of the adapter's own tables: the list of inferred choices in docs/contract.md. */

const CONTRACT = fileURLToPath(new URL('../docs/contract.md', import.meta.url))
const HEADING = '\n## Inferred\n'

const INTRODUCTION = `
What is \`[I]\` above, as \`src/api/inferred-choices.ts\` lists it. **This table is generated** by \`npm run contract\`. Where your portal
differs, set the option of \`createPortalApi\`. Where there is none, give the machines a method of your own,
\`createMachines({ ...createPortalApi(…), acceptInvitation })\`, as [another portal](another-portal.md) has all of them; or fork the
package and change the place that is named. Why each was chosen stands in the register.

| choice | taken for granted | option, or place in the source |
| --- | --- | --- |
`

/** docs/contract.md with the table as the register has it. */
export function contractPage(): string {
  const [text = ''] = readFileSync(CONTRACT, 'utf8').split(HEADING)
  const rows = inferredChoices.map(({ id, what, section, option, line }) => {
    const where = `${line.names.map((name) => `\`${name}\``).join(', ')} in [${line.file}](../${line.file})`
    return `| [\`${id}\`](#${section}) | ${what} | ${option === null ? '' : `\`${option}\`, or `}${where} |\n`
  })
  return `${text}${HEADING}${INTRODUCTION}${rows.join('')}`
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(CONTRACT, contractPage())
}
