import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type ts from 'typescript'

/** XState demands `strictNullChecks`; each other option beside it, and beside `strict`. */
const options: readonly Readonly<Record<string, unknown>>[] = [
  { strict: true },
  { strict: true, exactOptionalPropertyTypes: true },
  { strict: true, noUncheckedIndexedAccess: true },
  { strict: true, verbatimModuleSyntax: true },
  { strict: true, isolatedModules: true },
  { strict: true, module: 'preserve', moduleResolution: 'bundler' },
  { strict: true, lib: ['es2022'] },
  {},
  ...[
    'noImplicitAny',
    'strictFunctionTypes',
    'strictBindCallApply',
    'strictPropertyInitialization',
    'noImplicitThis',
    'useUnknownInCatchVariables',
    'strictBuiltinIteratorReturn',
    'exactOptionalPropertyTypes',
    'noUncheckedIndexedAccess',
  ].map((name) => ({ [name]: true })),
]

const configOf = (chosen: Readonly<Record<string, unknown>>) => ({
  compilerOptions: {
    strict: false,
    strictNullChecks: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2022',
    module: 'nodenext',
    types: ['node'],
    lib: ['es2022', 'dom'],
    ...chosen,
  },
  files: ['everything.ts'],
})

const everything = ['postlogin', 'postlogin/durable', 'postlogin/testing', 'postlogin/inspect']
  .map((entry, index) => `import * as entry${index} from '${entry}'\nvoid entry${index}`)
  .join('\n')

/** The errors in our declarations where they are checked with each of the options, and with how many they were. */
export function typeErrors(project: string, compiler: string) {
  writeFileSync(join(project, 'everything.ts'), everything)
  const found = options.flatMap((chosen) => {
    const config = configOf(chosen)
    const errors = isNative(project, compiler)
      ? errorsByCommand(project, compiler, config)
      : errorsByCompiler(project, compiler, config)
    return errors.map((error) => `${JSON.stringify(chosen)}: ${error}`)
  })
  return { found, checked: options.length }
}

const isOurs = (path: string) => path.includes('node_modules/postlogin/')

/** TypeScript 7 has no compiler API. */
const isNative = (project: string, compiler: string) =>
  !('createProgram' in createRequire(join(project, 'everything.ts'))(compiler))

/** Checks our files alone; the rest would take most of the time. */
function errorsByCompiler(project: string, compiler: string, config: object): readonly string[] {
  const typescript: typeof ts = createRequire(join(project, 'everything.ts'))(compiler)
  const { options, fileNames } = typescript.parseJsonConfigFileContent(config, typescript.sys, project)
  const program = typescript.createProgram(fileNames, options)
  const ours = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName))
  if (ours.length < 3) throw new Error(`${compiler} has not found our declarations`)
  return [...program.getOptionsDiagnostics(), ...ours.flatMap((file) => program.getSemanticDiagnostics(file))].map(
    ({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, ' '),
  )
}

function errorsByCommand(project: string, compiler: string, config: object): readonly string[] {
  writeFileSync(join(project, 'everything.json'), JSON.stringify(config))
  const command = join('node_modules', compiler, 'bin/tsc')
  const { status, stdout } = spawnSync('node', [command, '-p', 'everything.json'], { cwd: project, encoding: 'utf8' })
  const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  if (status === null || (status === 0) !== (lines.length === 0)) throw new Error(`${compiler} has failed: ${stdout}`)
  return lines.filter((line) => isOurs(line) || !line.startsWith('node_modules/'))
}
