import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { packedReadme, unpackedReadme } from './readme-links.ts'

/** While the package is packed, which npm tells by `prepack` and `postpack`, the links of the README lead to the repository. */

const readme = new URL('../README.md', import.meta.url)
const text = readFileSync(readme, 'utf8')
writeFileSync(readme, argv[2] === 'pack' ? packedReadme(text) : unpackedReadme(text))
