import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** Imports point one way. Read off the sources with the TypeScript parser, type-only imports included. */

interface Layer {
  readonly holds: (file: string) => boolean
  /** The layers whose files it may import; its own always. */
  readonly folders: readonly LayerName[]
  readonly packages: readonly string[]
}

type LayerName =
  | 'domain'
  | 'machines'
  | 'stored'
  | 'persist'
  | 'secureChannel'
  | 'api'
  | 'testing'
  | 'testingEntry'
  | 'conformance'
  | 'inspect'
  | 'screens'
  | 'top'
  | 'durable'

/** What sits above the layers and ties them together. */
const TOP = ['src/services.ts', 'src/settled.ts', 'src/index.ts']

const TESTING_ENTRY = 'src/testing/index.ts'

const inside = (folder: string) => (file: string) => file.startsWith(folder)

const layers: Readonly<Record<LayerName, Layer>> = {
  domain: { holds: inside('src/domain/'), folders: [], packages: ['ipaddr.js', 'otpauth/bare'] },
  machines: { holds: inside('machines/'), folders: ['domain'], packages: ['xstate'] },
  /** What a stored context has to look like. It follows the machines' types, and no machine knows it. */
  stored: { holds: inside('src/stored/'), folders: ['domain', 'machines'], packages: ['zod/mini'] },
  /** The only one that knows the schemas: a host that stores nothing does not bundle them. */
  persist: {
    holds: (file) => file === 'src/persist.ts',
    folders: ['domain', 'machines', 'stored'],
    packages: ['xstate'],
  },
  secureChannel: { holds: inside('src/secure-channel/'), folders: ['domain'], packages: ['ky', 'zod/mini'] },
  api: { holds: inside('src/api/'), folders: ['domain', 'secureChannel'], packages: ['ky', 'zod/mini'] },
  testing: {
    holds: (file) => file.startsWith('src/testing/') && file !== TESTING_ENTRY,
    folders: ['domain', 'secureChannel', 'screens', 'top'],
    packages: ['zod/mini', 'node:http', 'xstate'],
  },
  /** A portal compared with the contract, through the adapter; its command line is Node's. */
  conformance: {
    holds: inside('src/conformance/'),
    folders: ['domain', 'secureChannel', 'api'],
    packages: ['zod/mini', 'node:readline/promises', 'node:stream', 'node:util'],
  },
  /** The fake portal knows nothing of the adapter; who imports it for tests gets the check beside it. */
  testingEntry: { holds: (file) => file === TESTING_ENTRY, folders: ['testing', 'conformance'], packages: [] },
  /** The only one that knows the inspector: a host that does not import it does not bundle it. */
  inspect: { holds: inside('src/inspect/'), folders: ['domain'], packages: ['xstate'] },
  /** Selectors: they read snapshots, and know no adapter. */
  screens: { holds: inside('src/screens/'), folders: ['domain', 'machines'], packages: ['xstate'] },
  top: {
    holds: (file) => TOP.includes(file),
    folders: ['domain', 'machines', 'persist', 'secureChannel', 'api', 'screens'],
    packages: ['xstate'],
  },
  /** Flows beyond one process: on top of everything, and below no engine. */
  durable: {
    holds: inside('src/durable/'),
    folders: ['domain', 'machines', 'persist', 'screens', 'top'],
    packages: ['xstate'],
  },
}

const root = fileURLToPath(new URL('..', import.meta.url))

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    // What other tests write for a while begins with a dot.
    if (entry.isDirectory()) return /^(node_modules$|\.)/.test(entry.name) ? [] : filesIn(path)
    return /\.[cm]?tsx?$/.test(entry.name) ? [path] : []
  })

interface Import {
  readonly file: string
  readonly specifier: string
  /** `* as name`, or for its types only: a bundler can drop the rest. */
  readonly isShakeable: boolean
  /** Comes with the file, as a dynamic import and an import of types do not. */
  readonly isStatic: boolean
}

/** Static, dynamic, re-exporting and `import('…')` type imports alike. */
function importsOf(file: string): Import[] {
  const imports: Import[] = []
  const visit = (node: ts.Node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      imports.push({ file, specifier: specifier.text, isShakeable: isShakeable(node), isStatic: isStatic(node) })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true))
  return imports
}

/** The texts in a file's code; what its comments say does not count. */
function textsIn(file: string): string[] {
  const texts: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true))
  return texts
}

function isShakeable(node: ts.Node): boolean {
  const clause = ts.isImportDeclaration(node) ? node.importClause : undefined
  if (clause === undefined) return false
  const { namedBindings } = clause
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (namedBindings !== undefined && ts.isNamespaceImport(namedBindings))
  )
}

function isStatic(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return !node.isTypeOnly
  return ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword
}

/** All that comes with a file: our own files, and packages by their names. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  seen.add(file)
  for (const { specifier } of importsOf(file).filter(({ isStatic }) => isStatic)) {
    const found = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
    if (found === specifier) seen.add(found)
    else if (!seen.has(found)) loadedWith(found, seen)
  }
  return seen
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
  return isDynamic ? node.arguments[0] : undefined
}

const layerOf = (file: string) => (Object.keys(layers) as LayerName[]).find((name) => layers[name].holds(file))

const isAllowed = (from: LayerName, { file, specifier }: Import) => {
  const { folders, packages } = layers[from]
  if (!specifier.startsWith('.')) return packages.includes(specifier)
  const to = layerOf(normalize(join(dirname(file), specifier)))
  return to !== undefined && (to === from || folders.includes(to))
}

const told = (imports: readonly Import[]) => imports.map(({ file, specifier }) => `${file} imports ${specifier}`)

const sources = [...filesIn('src'), ...filesIn('machines')]
const everything = [...sources, ...['test', 'examples', 'scripts', 'bench'].flatMap(filesInIfThere)]

function filesInIfThere(folder: string) {
  return readdirSync(root).includes(folder) ? filesIn(folder) : []
}

test('every source file has its layer', () => {
  expect(sources.filter((file) => layerOf(file) === undefined)).toEqual([])
})

test.each(Object.keys(layers) as LayerName[])('%s imports only what is below it', (name) => {
  const files = sources.filter((file) => layerOf(file) === name)
  const offending = files.flatMap(importsOf).filter((one) => !isAllowed(name, one))
  expect(told(offending)).toEqual([])
})

/** Where the words of one portal are at home: its adapter, its fake, what compares with it, and the texts for its codes. */
const PORTAL_WORDS = /^src\/(api|conformance|secure-channel|testing)\/|^src\/domain\/messages/
const PORTAL_CODE = /^(AUTH|ACCESS|WORKSPACE|VALIDATION|SYSTEM|SECURE_CHANNEL)\.[A-Z_]|^U1\d{3}$|^[245]\d{2}\d$/

test('no chart, rule, or screen knows a code of the portal: they branch on the reason of a failure', () => {
  const codesIn = (file: string) => textsIn(file).filter((text) => PORTAL_CODE.test(text))
  expect(codesIn('src/api/reply/reasons.ts')).toContain('AUTH.MFA_CODE_INVALID')
  const offending = sources.filter((file) => !PORTAL_WORDS.test(file) && codesIn(file).length > 0)
  expect(offending).toEqual([])
})

test('zod is imported as `* as z` from zod/mini: anything else brings the whole of it', () => {
  const offending = everything
    .flatMap(importsOf)
    .filter(({ specifier }) => specifier === 'zod' || specifier.startsWith('zod/'))
    .filter(({ specifier, isShakeable }) => specifier !== 'zod/mini' || !isShakeable)
  expect(told(offending)).toEqual([])
})

test('the adapter comes without what only some changes need: the channel, the reading of addresses and of OTP setups', () => {
  const first = [...loadedWith('src/api/index.ts')]
  expect(first).toEqual(expect.arrayContaining(['src/api/call.ts', 'src/domain/failure.ts', 'ky', 'zod/mini']))
  const late = [
    'src/secure-channel/create-secure-channel.ts',
    'src/secure-channel/envelope.ts',
    'src/domain/ip-address.ts',
    'ipaddr.js',
    'src/domain/otp.ts',
    'otpauth/bare',
  ]
  expect(first.filter((one) => late.includes(one))).toEqual([])
})
