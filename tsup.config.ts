import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import ts from 'typescript'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** A file for each module, so that a host's bundler can leave out, or put into a chunk, whatever it likes. */
const oneFileEach: Plugin = {
  name: 'one file each',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    )
  },
}

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
        const lines = names.flatMap((name) => [
          `import { ${name} as ${name}Itself } from './${basename(module, '.ts')}.js'`,
          `export const ${name} = ${name}Itself`,
        ])
        bindings.set(resolve(dirname(path), file), lines.join('\n'))
        return `export { ${names.join(', ')} } from '${file}'`
      })
      return { contents: contents.join('\n'), loader: 'ts' }
    })
    onEnd(async () => {
      for (const [path, text] of bindings) {
        const output = join(initialOptions.outdir ?? '', relative('.', path))
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

const shared: Options = {
  entry: ['src/**/*.ts', 'machines/*.ts'],
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
    esbuildPlugins: [oneFileEach, boundExports, withoutDescriptions],
    dts: {
      entry: { index: 'src/index.ts', inspect: 'src/inspect/index.ts', testing: 'src/testing/index.ts' },
      compilerOptions: { ignoreDeprecations: '6.0' },
    },
  },
  { ...shared, outDir: 'dist/development', esbuildPlugins: [oneFileEach, boundExports] },
])
