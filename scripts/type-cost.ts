import { execFileSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A host that uses everything: each machine and what is read of it, screens, texts, storage. */
const everything = `
import { createActor, waitFor } from 'xstate'
import {
  act, activeStep, createMachines, createMessages, createPortalApi, defaultPolicy, englishMessages, fromStorage, gatedPolicy,
  onboardingMachine, type OnboardingOutput, type Screen, screenOf, stepsOf, toStorage,
} from 'postlogin'

const api = createPortalApi({
  baseUrl: 'https://portal.example.com', portalAccessCode: 'code', clientHash: 'hash', accessToken: () => 'token',
})
const machines = createMachines(api)
export const flow = createActor(machines.onboarding, { input: { policy: { ...defaultPolicy, ...gatedPolicy } } })
flow.subscribe((snapshot) => {
  const step = activeStep(snapshot)
  if (step?.name === 'invitations') step.actor.send({ type: 'invitation.accept', invitationBizId: 'id' })
  if (step?.name === 'otpEnrollment') step.actor.send({ type: 'code.submit', code: '482916' })
  if (step?.name === 'ipWhitelist') step.actor.send({ type: 'entry.add', value: '203.0.113.10' })
  if (step?.name === 'sessions') step.actor.send({ type: 'sessions.terminateOthers' })
  if (step?.name === 'workspace') step.actor.send({ type: 'workspace.choose', workspaceBizId: 'id' })
  step?.actor.send({ type: 'step.finish' })
})
const draw = (screen: Screen): string => {
  const messages = createMessages({}, englishMessages)
  switch (screen.name) {
    case 'invitations': return String(screen.rows.map(({ accept, workspaceName }) => [act(flow, accept), workspaceName]))
    case 'otpEnrollment': return String(act(flow, screen.submit, { code: '482916' }))
    case 'ipWhitelist': return String(screen.rows.length)
    case 'sessions': return String(screen.rows.map(({ clientIp }) => clientIp))
    case 'broken': return screen.failure === null ? '' : messages.failureText(screen.failure)
    default: return screen.name
  }
}
export const drawn = draw(screenOf(flow.getSnapshot()))
export const progress = stepsOf(flow.getSnapshot()).map(({ name, status }) => name + status)
export const stored = toStorage(flow, { subject: 'account' })
export const restored = createActor(machines.onboarding, { snapshot: fromStorage(machines.onboarding, stored, { subject: 'account' }) })
export const done: Promise<OnboardingOutput | undefined> = waitFor(flow, ({ status }) => status === 'done').then(({ output }) => output)
export const invitations = createActor(machines.invitations).getSnapshot().context.invitations
export const mfa = createActor(machines.mfa).getSnapshot().context.methods
export const otpSetup = createActor(machines.otpEnrollment).getSnapshot().context.otpSetup
export const whitelist = createActor(machines.ipWhitelist).getSnapshot().context.draft
export const sessions = createActor(machines.sessions).getSnapshot().context.sessions
export const workspaces = createActor(machines.workspace).getSnapshot().context.workspaces
export const bare = createActor(onboardingMachine.provide({ actors: { mfa: machines.mfa } }))
`

/** The same habits with a machine of the host's own. */
const bareXState = `
import { assign, createActor, fromPromise, setup, waitFor } from 'xstate'

const machine = setup({
  types: {
    context: {} as { readonly rows: readonly string[]; readonly failure: string | null },
    events: {} as { type: 'row.accept'; id: string } | { type: 'step.finish' } | { type: 'retry' },
    input: {} as { readonly rows?: readonly string[] },
    output: {} as { readonly outcome: 'done' | 'failed' },
    tags: {} as 'busy' | 'resting' | 'failed',
  },
  actors: { read: fromPromise(async (): Promise<readonly string[]> => []), accept: fromPromise<void, { id: string }>(async () => {}) },
  guards: { hasRows: ({ context }) => context.rows.length > 0 },
  actions: { clear: assign({ failure: null }) },
}).createMachine({
  id: 'step',
  context: ({ input }) => ({ rows: input.rows ?? [], failure: null }),
  initial: 'reading',
  output: { outcome: 'done' },
  states: {
    reading: {
      tags: 'busy',
      invoke: { src: 'read', onDone: { target: 'resting', actions: assign({ rows: ({ event }) => event.output }) }, onError: 'failed' },
    },
    resting: { tags: 'resting', on: { 'row.accept': { guard: 'hasRows', target: 'accepting' }, 'step.finish': 'done' } },
    accepting: { tags: 'busy', invoke: { src: 'accept', input: { id: '1' }, onDone: 'reading', onError: 'failed' } },
    failed: { tags: 'failed', on: { retry: { target: 'reading', actions: 'clear' } } },
    done: { type: 'final' },
  },
})
export const flow = createActor(machine, { input: {} })
flow.subscribe((snapshot) => {
  if (snapshot.matches('resting') && snapshot.hasTag('resting')) flow.send({ type: 'row.accept', id: snapshot.context.rows[0] ?? '' })
  if (snapshot.can({ type: 'step.finish' })) flow.send({ type: 'step.finish' })
})
export const stored = JSON.stringify(flow.getPersistedSnapshot())
export const restored = createActor(machine, { input: {}, snapshot: JSON.parse(stored) })
export const done = waitFor(flow, ({ status }) => status === 'done').then(({ output }) => output?.outcome)
export const own = createActor(machine.provide({ actors: { read: fromPromise(async (): Promise<readonly string[]> => ['1']) } }), { input: {} })
`

/** A file that exports actors of ours; the compiler writes out in its declarations what has no name. */
export const exportingActors = `
import { createActor } from 'xstate'
import type { Machines, OnboardingMachine } from 'postlogin'
declare const machines: Machines
export const flow = createActor(machines.onboarding)
export const sessions = createActor(machines.sessions)
export const { children, context } = flow.getSnapshot()
export const own: OnboardingMachine = machines.onboarding.provide({ actors: { mfa: machines.mfa } })
`

/** How much a host's types take. */
export interface TypeCost {
  /** What the compiler instantiates for a host that uses everything, and for one with a machine of its own on XState alone. */
  readonly instantiations: number
  readonly instantiationsBare: number
  /** Bytes of the declarations of a file that exports actors of ours. */
  readonly declarations: number
}

/** Type-checks hosts in a project that has the package, XState and the compiler installed. Throws where they do not compile. */
export function typeCost(project: string, compiler = 'node_modules/typescript/bin/tsc'): TypeCost {
  const compile = (name: string, source: string) => {
    const config = join(project, `${name}.json`)
    const compilerOptions = {
      strict: true,
      declaration: true,
      target: 'es2022',
      module: 'nodenext',
      skipLibCheck: true,
      types: [],
      lib: ['es2022', 'dom'],
    }
    writeFileSync(join(project, `${name}.ts`), source)
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }))
    const printed = execFileSync('node', [compiler, '-p', config, '--extendedDiagnostics'], {
      cwd: project,
      encoding: 'utf8',
    })
    const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(printed)?.[1])
    if (!(instantiations > 0)) throw new Error(`The compiler says nothing of what ${name} costs`)
    return instantiations
  }
  const instantiations = compile('everything', everything)
  const instantiationsBare = compile('bare', bareXState)
  compile('exporting-actors', exportingActors)
  return { instantiations, instantiationsBare, declarations: statSync(join(project, 'exporting-actors.d.ts')).size }
}
