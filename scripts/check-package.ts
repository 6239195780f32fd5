/**
 * Checks the packed file as a stranger gets it: its metadata, its types with each strict option, its links, the README's example in an
 * empty TypeScript project, type-checked by each supported compiler and run, that its command runs, that the declarations of a host stay
 * short, that the charts' descriptions are in the build for development alone, and that a host's bundle stays light and has nothing in it
 * of what the host does not import.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { budgets, weigh, weighNames } from '../bench/sizes.ts'
import { pages, readmeExample } from './samples.ts'
import { exportingActors, typeCost } from './type-cost.ts'
import { typeErrors } from './type-errors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string
  devDependencies: Record<string, string>
}
const compilers = ['5.9.3', manifest.devDependencies.typescript, '7.0.2']

/** What is not to be in the bundle of a host that imports this alone. */
const leftOut = {
  createPortalApi: ['xstate'],
  createMessages: ['xstate', 'ky', 'zod', 'otpauth', 'ipaddr.js'],
  createMachines: ['ky', 'zod'],
}

const DECLARATIONS_MAX_BYTES = 10_000
/** What a host that uses everything makes the compiler instantiate, beside one with a machine of its own on XState; also the target of issue 12. */
const INSTANTIATIONS_MAX = 1.3

const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const project = mkdtempSync(join(tmpdir(), 'postlogin-package-'))
try {
  run('npm', ['pack', '--silent', '--pack-destination', project], root)
  const tarball = join(project, `postlogin-${manifest.version}.tgz`)

  run('npx', ['publint', '--strict', tarball], root)
  run('npx', ['attw', tarball, '--profile', 'esm-only'], root)
  console.log('publint and attw find nothing wrong with the packed file')

  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'stranger', private: true, type: 'module' }))
  const xstate = `xstate@${manifest.devDependencies.xstate}`
  const aliases = compilers.map((version, index) => `typescript-${index}@npm:typescript@${version}`)
  const flags = ['--silent', '--no-audit', '--no-fund', '--engine-strict']
  run('npm', ['install', ...flags, tarball, xstate, '@types/node@20', ...aliases], project)
  console.log('npm refuses none of what it needs on this Node')

  for (const page of pages) {
    const path = join(project, 'node_modules/postlogin', page)
    const links = [...readFileSync(path, 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#]+)/g)].map(([, link = '']) => link)
    const lost = page === 'README.md' ? links : links.filter((link) => !existsSync(join(dirname(path), link)))
    if (lost.length > 0) throw new Error(`Links of the packed ${page} lead nowhere: ${lost.join(' ')}`)
  }
  console.log('the links of the packed pages lead somewhere, those of the README on a registry’s page as well')

  await weigh("export { createFakePortal } from 'postlogin/testing'", project)
  console.log('createFakePortal bundles for a browser')

  writeFileSync(join(project, 'example.ts'), readmeExample())
  writeFileSync(join(project, 'host.ts'), exportingActors)
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        declaration: true,
        target: 'es2022',
        module: 'nodenext',
        skipLibCheck: true,
        types: ['node'],
        lib: ['es2022', 'dom'],
      },
      files: ['example.ts', 'host.ts'],
    }),
  )
  for (const [index, version] of compilers.entries()) {
    run('node', [`node_modules/typescript-${index}/bin/tsc`], project)
    console.log(`the README's example type-checks with TypeScript ${version}`)
    const { size } = statSync(join(project, 'host.d.ts'))
    if (size > DECLARATIONS_MAX_BYTES)
      throw new Error(`The declarations of a file that exports actors take ${size} bytes`)
    console.log(`the declarations of a file that exports actors take ${size} bytes`)
  }
  for (const [index, version] of compilers.entries()) {
    const { found, checked } = typeErrors(project, `typescript-${index}`)
    if (found.length > 0) throw new Error(`Our declarations have errors in TypeScript ${version}:\n${found.join('\n')}`)
    console.log(`the declarations have no error with TypeScript ${version}, checked with ${checked} sets of options`)
  }
  const { instantiations, instantiationsBare } = typeCost(project, 'node_modules/typescript-1/bin/tsc')
  const typesRatio = instantiations / instantiationsBare
  if (typesRatio > INSTANTIATIONS_MAX) throw new Error(`A host's types cost ${typesRatio} times those of bare XState`)
  console.log(`types of a host that uses everything / bare XState: ${typesRatio.toFixed(2)} of ${INSTANTIATIONS_MAX}`)

  const printed = run('node', ['example.js'], project)
  if (!printed.includes("to: 'workspace'")) throw new Error(`The README's example ended without a route:\n${printed}`)
  console.log("the README's example runs in an empty project")

  const usage = run('npx', ['--no-install', 'postlogin', '--help'], project)
  if (!usage.startsWith('Usage: postlogin conformance'))
    throw new Error(`The command does not explain itself:\n${usage}`)
  console.log('npx postlogin runs from the packed file')

  for (const [name, unwanted] of Object.entries(leftOut)) {
    const { files } = await weighNames([name], project)
    const found = unwanted.filter((dependency) => files.some((file) => file.includes(`node_modules/${dependency}/`)))
    if (found.length > 0) throw new Error(`Who imports ${name} alone gets ${found.join(', ')} as well`)
    console.log(`who imports ${name} alone gets none of ${unwanted.join(', ')}`)
  }
  for (const { figure, names, weighs, limit } of budgets) {
    const kilobytes = (await weighNames(names, project))[weighs]
    if (kilobytes > limit) throw new Error(`${figure}: ${kilobytes} kB, and ${limit} are allowed`)
    console.log(`${figure}: ${kilobytes} kB of ${limit}`)
  }

  const descriptionsIn = (folder: string, extension: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(extension) && !file.startsWith('development/'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/\bdescription:\s/g) ?? []).length
  const dist = join(project, 'node_modules/postlogin/dist')
  const described = descriptionsIn(join(root, 'machines'), '.ts')
  const inProduction = descriptionsIn(dist, '.js')
  const inDevelopment = descriptionsIn(join(dist, 'development'), '.js')
  if (inProduction > 0) throw new Error(`The build for production has ${inProduction} descriptions`)
  if (inDevelopment !== described)
    throw new Error(`The build for development has ${inDevelopment} descriptions of ${described}`)
  console.log('the descriptions of the charts are in the build for development alone')
} finally {
  rmSync(project, { recursive: true, force: true })
}
