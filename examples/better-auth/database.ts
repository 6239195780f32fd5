import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Any SQLite that better-auth knows how to talk to. */
type Sqlite = new (path: string) => object

/**
 * An empty SQLite database, in memory. Node has its own from 22.13 on. For one that has not, better-sqlite3 is installed into this
 * folder, once: where it has to be compiled that takes minutes, which `npm ci` should not cost those who want no demo.
 */
export function openDatabase(): object {
  const builtIn = process.getBuiltinModule?.('node:sqlite') as { readonly DatabaseSync: Sqlite } | undefined
  const Database = builtIn?.DatabaseSync ?? installed()
  return new Database(':memory:')
}

function installed(): Sqlite {
  if (!existsSync(`${here}/node_modules`)) {
    console.log(
      'This Node has no SQLite: installing better-sqlite3. If it has to be compiled, this takes some minutes.',
    )
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' })
  }
  return createRequire(import.meta.url)('better-sqlite3')
}
