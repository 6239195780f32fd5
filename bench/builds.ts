import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Runs a command and returns what it prints. */
export const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 })

/** The package as it was at a commit, built with what its lockfile says. It is kept outside, and used again by the next run. */
export function builtAt(ref: string, root: string): string {
  const commit = run('git', ['rev-parse', '--verify', `${ref}^{commit}`], root).trim()
  const folder = join(tmpdir(), `postlogin-${commit}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}-unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished)
  run('bash', ['-c', `git archive ${commit} | tar -x -C ${unfinished}`], root)
  run('npm', ['ci', '--silent', '--no-audit', '--no-fund'], unfinished)
  run('npm', ['run', '--silent', 'build'], unfinished)
  renameSync(unfinished, folder)
  return folder
}

/** This package and XState, as the build in a folder has them. */
const packageOf = (folder: string): Plugin => ({
  name: 'package of a build',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(postlogin|xstate)(\/|$)/ }, ({ path, kind, pluginData }) =>
      pluginData === folder ? undefined : resolve(path, { kind, resolveDir: folder, pluginData: folder }),
    )
  },
})

/** Bundles `figures.ts` with the build in a folder, for Node; returns the file to run. */
export async function bundleFigures(folder: string, outdir: string): Promise<string> {
  await build({
    entryPoints: { figures: join(import.meta.dirname, 'figures.ts') },
    plugins: [packageOf(folder)],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outdir,
    outExtension: { '.js': '.mjs' },
    // Those of this repository would lead to the sources.
    tsconfigRaw: {},
    logLevel: 'error',
  })
  return join(outdir, 'figures.mjs')
}
