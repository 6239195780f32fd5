import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { defineConfig, type Options } from 'tsup'
import ts from 'typescript'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]
type OutputPlugin = NonNullable<Options['plugins']>[number]

/**
 * The first load in three files: what the adapter imports, what the charts of later steps import besides, and the rest of what
 * `createMachines` imports. Each module that is written into one of them, with the module that gives the file its name. Not one file: who
 * imports the adapter or one chart alone would get the other machines as well, as esbuild takes all late charts for used.
 */
const units = new Map<string, string>()
const laterSteps = ['machines/mfa.ts', 'machines/ip-whitelist.ts', 'machines/sessions.ts', 'machines/workspace.ts']
const firstLoad = new Set(await staticImportsOf('src/services.ts'))
for (const [unit, modules] of [
  ['src/api/index.ts', await staticImportsOf('src/api/index.ts')],
  ['machines/slots.ts', (await staticImportsOf(...laterSteps)).filter((module) => firstLoad.has(module))],
  ['src/services.ts', firstLoad],
] as const) {
  for (const module of modules) {
    if (!units.has(module)) units.set(module, unit)
  }
}

const fileOf = (module: string) => units.get(module) ?? module

/** How a file of the build imports what is in this module. */
function importPath(from: string, module: string): string {
  const path = relative(dirname(from), fileOf(module)).replace(/\.ts$/, '.js')
  return path.startsWith('.') ? path : `./${path}`
}

/** The modules that are loaded with these, themselves included. */
async function staticImportsOf(...modules: readonly string[]): Promise<readonly string[]> {
  const lateParts: Plugin = {
    name: 'late parts',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined)),
  }
  const { metafile } = await build({
    entryPoints: [...modules],
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    write: false,
    metafile: true,
    format: 'esm',
    plugins: [lateParts],
  })
  return Object.keys(metafile.inputs)
}

/**
 * A file for each unit and for each other module, so that a host's bundler can leave it out or put it into a chunk. Why units: esbuild
 * (0.27.7) makes a chunk of the modules that the same late parts need, and the first load would be a dozen of them.
 */
const files: Plugin = {
  name: 'files',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind, importer, resolveDir }) => {
      if (kind === 'entry-point') return undefined
      const [from, to] = [relative('.', importer), relative('.', resolve(resolveDir, path))]
      return fileOf(from) === fileOf(to) ? undefined : { path: importPath(fileOf(from), to), external: true }
    })
    onLoad({ filter: /\/(src\/api\/index|src\/services|machines\/slots)\.ts$/ }, async ({ path }) => {
      const others = [...units.keys()].filter(
        (module) => fileOf(module) === relative('.', path) && resolve(module) !== path,
      )
      const exports = others.map((module) => `export * from '${resolve(module)}'`)
      return { contents: [await readFile(path, 'utf8'), ...exports].join('\n'), loader: 'ts' }
    })
  },
}

/**
 * Lets a host's bundler leave out each constant of a unit, as it would leave out a module: one that is more than a literal or a
 * function is made by a call that is marked as pure.
 */
const pureConstants: OutputPlugin = {
  name: 'pure constants',
  renderChunk(code, { path }) {
    if (![...units.values()].some((unit) => path.endsWith(unit.replace(/ts$/, 'js')))) return undefined
    const source = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true)
    let [edited, from] = ['', 0]
    for (const statement of source.statements.filter(ts.isVariableStatement)) {
      for (const { initializer } of statement.declarationList.declarations) {
        if (!initializer || isDroppedAnyway(initializer)) continue
        edited += `${code.slice(from, initializer.getStart())}/* @__PURE__ */ (() => (${initializer.getText()}))()`
        from = initializer.end
      }
    }
    return { code: edited + code.slice(from) }
  },
}

const isDroppedAnyway = (value: ts.Expression) =>
  ts.isFunctionLike(value) || ts.isStringLiteral(value) || ts.isNumericLiteral(value)

/**
 * What the package exports is bound in a file of its own, not re-exported from the module: esbuild puts all modules that a file in use
 * re-exports from into the first load as soon as they are loaded late somewhere, even where nobody uses them. A file of bindings that
 * nobody uses is dropped, with what it imports.
 */
const boundExports: Plugin = {
  name: 'bound exports',
  setup({ initialOptions, onLoad, onEnd }) {
    const bindings = new Map<string, string>()
    onLoad({ filter: /\/(src|machines)\/index\.ts$/ }, async ({ path }) => {
      const source = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true)
      const contents = source.statements.map((statement) => {
        const { module, names } = reExportsOf(statement)
        if (names.length === 0) return statement.getText()
        const file = module.replace(/\.ts$/, '.bound.js')
        const bound = relative('.', resolve(dirname(path), file))
        const lines = names.flatMap((name) => [
          `import { ${name} as ${name}Itself } from '${importPath(bound, relative('.', resolve(dirname(path), module)))}'`,
          `export const ${name} = ${name}Itself`,
        ])
        bindings.set(bound, lines.join('\n'))
        return `export { ${names.join(', ')} } from '${file}'`
      })
      return { contents: contents.join('\n'), loader: 'ts' }
    })
    onEnd(async () => {
      for (const [path, text] of bindings) {
        const output = join(initialOptions.outdir ?? '', path)
        await mkdir(dirname(output), { recursive: true })
        await writeFile(output, `${text}\n`)
      }
    })
  },
}

/** The values that a statement exports from another module, by name. */
function reExportsOf(statement: ts.Statement): { readonly module: string; readonly names: readonly string[] } {
  if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return { module: '', names: [] }
  const { exportClause, moduleSpecifier } = statement
  const names = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements : []
  return {
    module: moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '',
    names: names.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text),
  }
}

/** The charts without their descriptions, which are prose for the inspector. */
const withoutDescriptions: Plugin = {
  name: 'without descriptions',
  setup({ onLoad }) {
    onLoad({ filter: /\/machines\/[\w-]+\.ts$/ }, async ({ path }) => {
      const source = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true)
      return { contents: blankDescriptions(source), loader: 'ts' }
    })
  },
}

/** Blanks them, so that everything else stays where it is and the source map holds. */
function blankDescriptions(source: ts.SourceFile): string {
  let text = source.text
  const visit = (node: ts.Node) => {
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'description' &&
      ts.isStringLiteralLike(node.initializer)
    ) {
      const end = text.indexOf(',', node.end) === node.end ? node.end + 1 : node.end
      text = text.slice(0, node.getStart()) + text.slice(node.getStart(), end).replace(/\S/g, ' ') + text.slice(end)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return text
}

const inside = [...units].filter(([module, unit]) => module !== unit).map(([module]) => module)

const shared: Options = {
  entry: ['src/**/*.ts', 'machines/*.ts', ...inside.map((module) => `!${module}`)],
  plugins: [pureConstants],
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  splitting: false,
  sourcemap: true,
  esbuildOptions: (options) => {
    options.outbase = '.'
  },
}

export default defineConfig([
  {
    ...shared,
    clean: true,
    esbuildPlugins: [files, boundExports, withoutDescriptions],
    dts: {
      entry: {
        index: 'src/index.ts',
        durable: 'src/durable/index.ts',
        inspect: 'src/inspect/index.ts',
        testing: 'src/testing/index.ts',
      },
      compilerOptions: { ignoreDeprecations: '6.0' },
    },
  },
  { ...shared, outDir: 'dist/development', esbuildPlugins: [files, boundExports] },
])
