import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { packedPage, unpackedPage } from './page-links.ts'
import { pages } from './samples.ts'

/** While the package is packed, which npm tells by `prepack` and `postpack`, the links of its pages lead to what is packed or to the repository. */

const rewrite = argv[2] === 'pack' ? packedPage : unpackedPage
for (const page of pages) {
  const file = new URL(`../${page}`, import.meta.url)
  writeFileSync(file, rewrite(page, readFileSync(file, 'utf8')))
}
