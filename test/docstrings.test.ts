/**
 * What an editor shows of the four entries: every export says what it is, every value has an example, and every function that can
 * throw says what. The examples are compiled against the source and run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const entries = {
  postlogin: 'src/index.ts',
  'postlogin/durable': 'src/durable/index.ts',
  'postlogin/inspect': 'src/inspect/index.ts',
  'postlogin/testing': 'src/testing/index.ts',
} as const

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(
  Object.values(entries).map((file) => join(root, file)),
  options,
)
const checker = program.getTypeChecker()

interface Export {
  readonly name: string
  readonly entry: string
  readonly symbol: ts.Symbol
  readonly isValue: boolean
}

const isOurs = (node: ts.Node) => !node.getSourceFile().fileName.includes('/node_modules/')

const exported: readonly Export[] = Object.entries(entries).flatMap(([entry, file]) => {
  const source = program.getSourceFile(join(root, file))
  const module = source && checker.getSymbolAtLocation(source)
  return checker.getExportsOfModule(module as ts.Symbol).map((found) => {
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found
    return { name: found.name, entry, symbol, isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0 }
  })
})
const own = exported.filter(({ symbol }) => symbol.declarations?.every(isOurs))
const values = own.filter(({ isValue }) => isValue)

const docOf = ({ symbol }: Export) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()
const tagsOf = ({ symbol }: Export, name: string) =>
  symbol.getJsDocTags(checker).flatMap((tag) => (tag.name === name ? [ts.displayPartsToString(tag.text)] : []))

test('every export says what it is', () => {
  expect(own.length).toBeGreaterThan(100)
  expect(own.filter((one) => docOf(one) === '').map(({ name }) => name)).toEqual([])
})

describe('what a function throws', () => {
  const known = new Map<ts.Node, boolean>()

  /** Does it throw or reject by itself, or through what it calls of ours? A function that it only makes is not called yet. */
  function mayThrow(declaration: ts.Node): boolean {
    const found = known.get(declaration)
    if (found !== undefined) return found
    known.set(declaration, false)
    const result = ts.forEachChild(declaration, throwsIn) ?? false
    known.set(declaration, result)
    return result
  }

  function throwsIn(node: ts.Node): boolean {
    if (ts.isThrowStatement(node)) return true
    if (ts.isTryStatement(node) && node.catchClause) {
      return throwsIn(node.catchClause) || (node.finallyBlock !== undefined && throwsIn(node.finallyBlock))
    }
    if (ts.isFunctionLike(node) && !isCalledAtOnce(node)) return false
    if (ts.isCallExpression(node) && isThrowing(node)) return true
    return ts.forEachChild(node, throwsIn) ?? false
  }

  const isCalledAtOnce = ({ parent }: ts.Node) =>
    ts.isNewExpression(parent) && parent.expression.getText() === 'Promise'

  function isThrowing(call: ts.CallExpression): boolean {
    if (/^(Promise\.)?reject$/.test(call.expression.getText())) return true
    const signature = checker.getResolvedSignature(call)
    if (signature === undefined) return false
    if (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Never) return true
    const declaration = signature.getDeclaration() as ts.SignatureDeclaration | undefined
    return declaration !== undefined && isOurs(declaration) && 'body' in declaration && mayThrow(declaration)
  }

  /** The code of an exported value, where it is a function. */
  const bodiesOf = ({ symbol }: Export) =>
    (symbol.declarations ?? []).flatMap((declaration): ts.Node[] => {
      if (ts.isFunctionDeclaration(declaration)) return [declaration]
      if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return []
      return ts.isArrowFunction(declaration.initializer) ? [declaration.initializer] : []
    })
  const throwing = values.filter((one) => bodiesOf(one).some(mayThrow))

  test('is known here', () => {
    expect(throwing.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['createPortalApi', 'fromStorage', 'createFakePortal', 'settled']),
    )
  })

  test('is said by every one that can', () => {
    const silent = throwing.filter((one) => tagsOf(one, 'throws').length === 0)
    expect(silent.map(({ name }) => name)).toEqual([])
  })

  test('is named by its class', () => {
    const vague = values.filter((one) => tagsOf(one, 'throws').some((text) => !/^\w*Error\b/.test(text)))
    expect(vague.map(({ name }) => name)).toEqual([])
  })
})

describe('an example', () => {
  const examples = own.flatMap((one) =>
    tagsOf(one, 'example').map((text, index) => ({
      title: index === 0 ? one.name : `${one.name}-${index + 1}`,
      code: /^```ts\n(.*)\n```$/s.exec(text.trim())?.[1] ?? '',
    })),
  )

  /** What every example may use without making it. */
  const given = `
    const portal = createFakePortal()
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const baseUrl = 'https://portal.example'
    const api = createPortalApi({ baseUrl, portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch })
    const machines = createMachines(api)
    const flow = createActor(machines.onboarding)
    const subject = portal.account.email`

  /** `value // => result` in an example is a claim; here it becomes a check. */
  const checked = (code: string) => code.replace(/^(.+) \/\/ => (.+)$/gm, 'deepEqual($1, $2)')

  function moduleOf(code: string): string {
    const words = new Set(`${given}\n${code}`.match(/\w+/g))
    const imports = exported.flatMap(({ name, entry, isValue }) =>
      words.has(name) ? [`import { ${isValue ? '' : 'type '}${name} } from '${entry}'`] : [],
    )
    return `import { deepEqual } from 'node:assert/strict'
      import { createActor, SimulatedClock, setup, waitFor } from 'xstate'
      ${imports.join('\n')}
      ${given}
      {\n${checked(code)}\n}
      flow.stop()`
  }

  /** Inside the checkout, where `postlogin` resolves as it does for the tests. */
  let folder = ''
  const fileOf = ({ title }: { readonly title: string }) => join(folder, `${title}.ts`)

  beforeAll(() => {
    folder = mkdtempSync(join(root, 'test/.docstrings-'))
    for (const example of examples) writeFileSync(fileOf(example), moduleOf(example.code))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('stands with every value, as code', () => {
    expect(values.filter((one) => tagsOf(one, 'example').length === 0).map(({ name }) => name)).toEqual([])
    expect(examples.filter(({ code }) => code === '').map(({ title }) => title)).toEqual([])
  })

  test('type-checks', () => {
    const found = ts.getPreEmitDiagnostics(ts.createProgram(examples.map(fileOf), options))
    const lines = found.map(({ file, messageText }) => {
      return `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
    expect(lines).toEqual([])
  })

  /** A window, which there is none of here; `test/e2e/inspect.test.ts` opens one. */
  const needsWindow = ['inspectInBrowser']

  test.each(examples.filter(({ title }) => !needsWindow.includes(title)))(
    'of $title runs as written',
    async (example) => {
      await import(/* @vite-ignore */ fileOf(example))
    },
  )
})
