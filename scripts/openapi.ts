import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { openApiDocument } from './openapi/document.ts'

/** `npm run openapi` writes docs/openapi.yaml. */

const FILE = fileURLToPath(new URL('../docs/openapi.yaml', import.meta.url))

/** docs/openapi.yaml as the endpoints, the schemas and the register have it. */
export const openApiPage = (): string => stringify(openApiDocument(), { lineWidth: 140, aliasDuplicateObjects: false })

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, openApiPage())
