import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Writes `docs/public-surface.md`: all that a host can import, with its types, so that a review sees each change of it. */

const root = fileURLToPath(new URL('..', import.meta.url))
const REPORT = join(root, 'docs/public-surface.md')

const INTRODUCTION = `# The public surface

**This file is generated** from the four entries by \`npm run api\`, and a test fails when it is out of date. It is there for reviews: what changes
here changes for hosts. To read about the package, run \`npm run docs\`.

What \`durable\`, \`inspect\`, and \`testing\` export stands in the \`namespace\` of that name. What is declared without \`export\` cannot be imported; something
that can be is made of it. A machine is a \`Chart\` here: the names of its states, actors, actions, and guards, which a host uses in \`matches\` and \`provide\`.
`

const ENTRY = `
  export * from './src/index'
  export * as durable from './src/durable/index'
  export * as inspect from './src/inspect/index'
  export * as testing from './src/testing/index'`

const CHART = `
  import type { AnyStateMachine } from 'xstate'
  export interface Chart<Types> extends AnyStateMachine {}`

/** The public surface as a page. */
export function apiReport(): string {
  // Not below node_modules: API Extractor takes what is there for another package, and reports no more of it than its name.
  const folder = mkdtempSync(join(root, '.api-'))
  try {
    writeDeclarations(folder)
    return `${INTRODUCTION}\n\`\`\`ts\n${tidy(extract(folder))}\n\`\`\`\n`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeDeclarations(folder: string): void {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const entries = ['index', 'durable/index', 'inspect/index', 'testing/index'].map((name) =>
    join(root, `src/${name}.ts`),
  )
  const program = ts.createProgram(entries, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    incremental: false,
    outDir: folder,
    rootDir: root,
  })
  program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, withShortCharts(path, text))
  })
  writeFileSync(join(folder, 'index.d.ts'), ENTRY)
  writeFileSync(join(folder, 'chart.d.ts'), CHART)
}

/** The declarations of a machine without what XState infers of each action, guard, and actor: their names tell them apart. */
function withShortCharts(path: string, text: string): string {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const chart = source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .find(({ name }) => name.getText() === 'chart')
  if (chart?.type === undefined || !ts.isImportTypeNode(chart.type)) return text
  const [context, events, , actors, actions, guards, , states, tags, input, output] = chart.type.typeArguments ?? []
  const types = {
    context: namesIn(context),
    events: namesIn(events),
    input: namesIn(input),
    output: namesIn(output),
    tags: namesIn(tags),
    states: namesIn(states),
    actors: stringsOf('src', actors),
    actions: stringsOf('type', actions),
    guards: stringsOf('type', guards),
  }
  const fields = Object.entries(types).map(([name, members]) => `    ${name}: ${wrapped(members)};\n`)
  return text
    .replace(chart.parent.parent.getFullText(), '')
    .replace('type Chart = typeof chart;', `import type { Chart } from '../chart'`)
    .replace('extends Chart {', `extends Chart<{\n${fields.join('')}}> {`)
}

/** A union in lines that fit a screen. */
function wrapped(members: readonly string[]): string {
  const lines: string[] = ['']
  for (const member of members) {
    const line = [lines.at(-1), member].filter(Boolean).join(' | ')
    if (line.length <= 120) lines[lines.length - 1] = line
    else lines.push(`| ${member}`)
  }
  return lines.join('\n        ')
}

/** The members of a union, in the order of the alphabet: the compiler's order depends on what else it has seen. */
function namesIn(type: ts.TypeNode | undefined): readonly string[] {
  const members = type === undefined ? [] : ts.isUnionTypeNode(type) ? [...type.types] : [type]
  return members.map(textOf).sort()
}

function textOf(type: ts.TypeNode): string {
  if (!ts.isTypeLiteralNode(type)) return type.getText()
  const fields = type.members.filter(ts.isPropertySignature)
  return `{ ${fields.map(({ name, type: inner }) => `${name.getText()}: ${namesIn(inner).join(' | ')}`).join('; ')} }`
}

/** What a property of this name is in the members of a union. */
const stringsOf = (property: string, type: ts.TypeNode | undefined): readonly string[] =>
  (type === undefined ? [] : ts.isUnionTypeNode(type) ? [...type.types] : [type])
    .filter(ts.isTypeLiteralNode)
    .flatMap(({ members }) => members.filter(ts.isPropertySignature))
    .flatMap(({ name, type: value }) => (name.getText() === property && value ? [value.getText()] : []))
    .sort()

function extract(folder: string): string {
  const entry = join(folder, 'index.d.ts')
  const config = join(folder, 'api-extractor.json')
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023', 'dom'],
    module: 'preserve',
    moduleResolution: 'bundler',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  const settings = {
    projectFolder: folder,
    mainEntryPointFilePath: entry,
    compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
    apiReport: {
      enabled: true,
      reportFileName: 'postlogin',
      reportFolder: folder,
      reportTempFolder: join(folder, 'temporary'),
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
  }
  writeFileSync(config, JSON.stringify(settings))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'postlogin', version: '0.0.0' }))
  const command = join(root, 'node_modules/@microsoft/api-extractor/bin/api-extractor')
  execFileSync('node', [command, 'run', '--local', '--config', config], { cwd: root, stdio: 'pipe' })
  const report = readdirSync(folder).find((name) => name.endsWith('.md')) ?? ''
  const [, code = ''] = /```ts\n(.*)\n```/s.exec(readFileSync(join(folder, report), 'utf8')) ?? []
  return code
}

/** Without what every item has, and what API Extractor has to say of our docstrings. */
const tidy = (code: string) =>
  code
    .replace(/^[ \t]*\/\/ (@public.*|\(undocumented\)|Warning: .*|\(No @packageDocumentation .*)\n/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REPORT, apiReport())
