import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/**
 * What the bundle of a host weighs, in kB (1,000 bytes). Beyond `limit`, `npm run check:package` fails; `target` is that of issue 12, which found
 * `issue`. `npm run bench` prints them beside those of an older build.
 */
interface Budget {
  readonly figure: string
  /** What the host imports. */
  readonly names: readonly string[]
  /** `first`: what is loaded before the first screen, compressed. `all`: with the chunks that come later. `own`: this package's part of `first`, minified. */
  readonly weighs: 'first' | 'all' | 'own'
  readonly limit: number
  readonly target: number
  readonly issue: number
}

const flow = ['createPortalApi', 'createMachines', 'activeStep']
const screens = ['screenOf', 'act', 'createMessages']

export const budgets: readonly Budget[] = [
  { figure: 'first load, gzip', names: flow, weighs: 'first', limit: 51.5, target: 44, issue: 65.7 },
  { figure: 'all, gzip', names: flow, weighs: 'all', limit: 85, target: 62, issue: 76.5 },
  {
    figure: 'all with screens and messages, gzip',
    names: [...flow, ...screens],
    weighs: 'all',
    limit: 95.5,
    target: 66,
    issue: 80.7,
  },
  {
    figure: 'createPortalApi alone, gzip',
    names: ['createPortalApi'],
    weighs: 'first',
    limit: 26.6,
    target: 26,
    issue: 36.7,
  },
  {
    figure: 'sessionsMachine alone, ours, minified',
    names: ['sessionsMachine'],
    weighs: 'own',
    limit: 29.7,
    target: 25,
    issue: 82,
  },
]

/** What a module weighs that is bundled and minified for a browser, with its chunks. A chunk travels alone, so it is compressed alone. */
export async function weigh(contents: string, resolveDir: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    outdir: 'out',
    write: false,
    metafile: true,
    absWorkingDir: resolveDir,
    tsconfigRaw: {},
    logLevel: 'error',
  })
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('<stdin>')) ?? []
  if (entry === undefined) throw new Error('esbuild names no entry')
  /** What is loaded with the entry by these kinds of import. */
  const reached = (...kinds: readonly string[]) => {
    const paths = new Set([entry])
    // A set is walked over what is added to it meanwhile.
    for (const path of paths) {
      for (const imported of metafile.outputs[path]?.imports ?? []) {
        if (kinds.includes(imported.kind)) paths.add(imported.path)
      }
    }
    return [...paths]
  }
  const first = reached('import-statement')
  const gzipped = (path: string) => {
    const file = outputFiles.find((output) => output.path.endsWith(path))
    if (file === undefined) throw new Error(`${path} was not written`)
    return gzipSync(file.contents, { level: 9 }).length
  }
  const all = reached('import-statement', 'dynamic-import')
  const modulesOf = (paths: readonly string[]) =>
    paths
      .flatMap((path) => Object.entries(metafile.outputs[path]?.inputs ?? {}))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0) / 1000
  return {
    first: sum(first.map(gzipped)),
    all: sum(all.map(gzipped)),
    own: sum(
      modulesOf(first)
        .filter(([path]) => !isDependency(path))
        .map(([, { bytesInOutput }]) => bytesInOutput),
    ),
    /** The files in any of it. */
    files: modulesOf(all).map(([path]) => path),
  }
}

/** This package may be linked into the host or installed there. */
const isDependency = (path: string) => /node_modules\/(?!postlogin\/(?!.*node_modules\/))/.test(path)

export const weighNames = (names: readonly string[], resolveDir: string) =>
  weigh(`export { ${names.join(', ')} } from 'postlogin'`, resolveDir)
