/** `npm run bench`: what the library costs beside the same flow by hand, and beside an older build of its own. See README.md. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { typeCost } from '../scripts/type-cost.ts'
import { builtAt, bundleFigures, run } from './builds.ts'
import type { FigureName, Sample } from './figures.ts'
import { budgets, weigh, weighNames } from './sizes.ts'
import { type Row, table } from './table.ts'

const { values: options } = parseArgs({
  options: { against: { type: 'string', default: '2762d38' }, rounds: { type: 'string', default: '7' } },
})
const root = resolve(import.meta.dirname, '..')
/** What is measured in processes of its own. */
const emptySamples = (): Record<FigureName, Sample[]> => ({
  createMachinesCold: [],
  createMachinesWarm: [],
  firstScreen: [],
  onboarding: [],
  onboardingInChannel: [],
  onboardingFromAfar: [],
  keyPreviewed: [],
  keyAdded: [],
  keyRemoved: [],
  sessionRows: [],
  invitationRows: [],
  workspaceRows: [],
  whitelistScreen: [],
  pastedList: [],
  storing: [],
  restoring: [],
  storedText: [],
})

const scratch = mkdtempSync(join(tmpdir(), 'postlogin-bench-'))
const progress = (text: string) => process.stderr.write(`${text}\n`)

try {
  progress(`building this package and ${options.against}`)
  run('npm', ['run', '--silent', 'build'], root)
  const folders = { now: root, before: builtAt(options.against, root) }

  progress('bundling')
  const sizes: Row[] = []
  for (const { figure, names, weighs, target, issue } of budgets) {
    const weight = async (folder: string) => [(await weighNames(names, folder))[weighs]]
    const now = await weight(folders.now)
    sizes.push({ figure, unit: 'kB', now, before: await weight(folders.before), issue, atMost: target })
  }
  const byHand = await weigh(`export { onboardByHand } from './by-hand.ts'`, import.meta.dirname)

  progress('type-checking')
  const types = { now: typesOf('now'), before: typesOf('before') }

  const samples = await takeSamples()
  const of = (name: FigureName, read: (sample: Sample) => number) => ({
    now: samples.now[name].map(read),
    before: samples.before[name].map(read),
  })
  const value = (name: FigureName) => of(name, (sample) => sample.value)
  const ratio = (name: FigureName) => of(name, (sample) => sample.value / (sample.beside ?? Number.NaN))
  const instantiations = ({ instantiations: all, instantiationsBare: bare }: ReturnType<typeof typeCost>) => [
    all / bare,
  ]

  const rows: readonly Row[] = [
    ...sizes,
    { figure: 'the same flow by hand, gzip', unit: 'kB', now: [byHand.first], issue: 15.7 },
    { figure: '`createMachines`, cold', unit: 'ms', ...value('createMachinesCold'), issue: 5, timesBefore: 0.4 },
    { figure: '`createMachines`, warm', unit: 'ms', ...value('createMachinesWarm'), issue: 1.6, timesBefore: 0.4 },
    { figure: 'first screen / by hand', unit: 'x', ...ratio('firstScreen'), issue: 6.8, atMost: 3 },
    { figure: 'whole onboarding / by hand', unit: 'x', ...ratio('onboarding'), issue: 2.8, atMost: 1.6 },
    { figure: 'the same, with the channel', unit: 'x', ...ratio('onboardingInChannel'), issue: 2.2, atMost: 1.4 },
    { figure: 'the same, replies take 40 ms', unit: 'x', ...ratio('onboardingFromAfar'), issue: 0.85, atMost: 0.85 },
    ...(['Previewed', 'Added', 'Removed'] as const).flatMap((key): Row[] => [
      { figure: `entry ${key.toLowerCase()} in 10,000`, unit: 'ms', ...value(`key${key}`), timesBefore: 0.1 },
      { figure: `the same / in 100`, unit: 'x', ...ratio(`key${key}`), issue: 116, atMost: 5 },
    ]),
    { figure: 'sessions to the screen, a row of 5,000 / of 500', unit: 'x', ...ratio('sessionRows'), atMost: 1.5 },
    {
      figure: 'invitations to the screen, a row of 5,000 / of 500',
      unit: 'x',
      ...ratio('invitationRows'),
      atMost: 1.5,
    },
    { figure: 'workspaces to the screen, a row of 5,000 / of 500', unit: 'x', ...ratio('workspaceRows'), atMost: 1.5 },
    { figure: 'whitelist on the screen, an entry of 10,000 / of 100', unit: 'x', ...ratio('whitelistScreen') },
    { figure: 'pasted list read, a line of 20,000 / of 2,000', unit: 'x', ...ratio('pastedList') },
    { figure: '`toStorage` / the persisted snapshot of XState as text', unit: 'x', ...ratio('storing') },
    { figure: 'restored and started / started afresh', unit: 'x', ...ratio('restoring') },
    {
      figure: 'longest stored text of a resting flow',
      unit: 'kB',
      ...of('storedText', (sample) => sample.value / 1000),
      issue: 5,
      atMost: 4,
    },
    {
      figure: 'types of a host that uses everything / bare XState',
      unit: 'x',
      now: instantiations(types.now),
      before: instantiations(types.before),
      issue: 1.5,
      atMost: 1.3,
    },
    {
      figure: 'declarations of a file that exports actors',
      unit: 'kB',
      now: [types.now.declarations / 1000],
      before: [types.before.declarations / 1000],
      issue: 427,
      atMost: 10,
    },
  ]
  process.stdout.write(table(rows, options.against))

  async function takeSamples() {
    const files = {
      before: await bundleFigures(folders.before, join(scratch, 'before')),
      now: await bundleFigures(folders.now, join(scratch, 'now')),
    }
    const taken = { before: emptySamples(), now: emptySamples() }
    const rounds = Number(options.rounds)
    for (let round = 1; round <= rounds; round += 1) {
      for (const name of Object.keys(taken.now) as FigureName[]) {
        progress(`round ${round} of ${rounds}: ${name}`)
        for (const side of ['before', 'now'] as const) {
          taken[side][name].push(JSON.parse(run('node', [files[side], name], root)) as Sample)
        }
      }
    }
    return taken
  }

  /** A host has the package and XState of a build. */
  function typesOf(side: 'now' | 'before') {
    const project = join(scratch, `types-${side}`)
    const modules = join(project, 'node_modules')
    mkdirSync(modules, { recursive: true })
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    symlinkSync(folders[side], join(modules, 'postlogin'))
    for (const name of ['xstate', 'typescript'])
      symlinkSync(join(folders[side], 'node_modules', name), join(modules, name))
    return typeCost(project)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
