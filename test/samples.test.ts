import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, onTestFinished, test } from 'vitest'
import { pages, readmeExample, samplesOf } from '../scripts/samples.ts'

/**
 * The code of README.md and of all pages in docs is run, or type-checked where it needs more than there is here. The shortest pages are
 * run in a browser, by `test/e2e/embed.test.ts`; what is a file of its reader's project is run in one, by `test/recipes`.
 */

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files inside the checkout, where `postlogin` resolves as it does for the examples; gone after the test. */
function write(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = mkdtempSync(join(root, 'test/.samples-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return Object.entries(files).map(([name, text]) => {
    // No tsconfig.json includes a folder that begins with a dot, so nothing else says how JSX is compiled.
    writeFileSync(join(folder, name), name.endsWith('.tsx') ? `/** @jsxRuntime automatic */ ${text}` : text)
    return join(folder, name)
  })
}

const run = (file: string) => execFileSync(process.execPath, ['--import', 'tsx', file], { encoding: 'utf8' })

test('the example at the top is at most 20 lines and runs as written', () => {
  const example = readmeExample()
  const code = example.split('\n').filter((line) => line.trim() !== '')
  expect(code.length).toBeLessThanOrEqual(20)
  const [file = ''] = write({ 'example.ts': example })
  expect(run(file)).toContain("to: 'workspace'")
})

/** What the text around a sample presupposes, by what the sample is known by. */
const presupposed: Readonly<Record<string, string>> = {
  'steps: (subject, hold)': `
    import type { PortalApi } from 'postlogin'
    import { createDurableHost } from 'postlogin/durable'
    import { createTermsMachine } from '../../examples/shared/terms.ts'
    type Server = Parameters<typeof createTermsMachine>[0]
    declare const api: (subject: string) => PortalApi
    declare const readTerms: (subject: string) => Server['read']
    declare const acceptTerms: (subject: string) => Server['accept']`,
  'createDurableHost(': `
    import type { PortalApi } from 'postlogin'
    import { createDurableHost, type DurableAction } from 'postlogin/durable'
    declare const apiOf: (subject: string) => PortalApi
    declare const load: (subject: string) => Promise<string | null>
    declare const store: (subject: string, text: string) => Promise<void>`,
  "walkTo(flow, 'otpEnrollment')": `
    import { createMachines, type PortalApi } from 'postlogin'
    import { createFakePortal } from 'postlogin/testing'
    import { createActor } from 'xstate'
    declare const api: PortalApi
    const portal = createFakePortal()
    const flow = createActor(createMachines(api).onboarding).start()`,
  'SimulatedClock(': `
    declare const baseUrl: string`,
  'machines.mfa,': `
    import { type Machines, type MfaOutput, type ScreenFrom, screenOf } from 'postlogin'
    import { createActor, type SnapshotFrom } from 'xstate'
    declare const machines: Machines
    declare function draw(screen: ScreenFrom<SnapshotFrom<Machines['mfa']>>): void
    declare function leave(output: MfaOutput): void`,
  'machines.securityCenter': `
    import { act, type CardName, type Machines, screenOf } from 'postlogin'
    import { createActor } from 'xstate'
    declare const machines: Machines`,
  'screen.submit': `
    import type { OtpEnrollmentScreen } from 'postlogin'
    import type { DurableAction } from 'postlogin/durable'
    declare function advance(subject: string, action: DurableAction): Promise<unknown>
    declare const subject: string
    declare const code: string
    declare const screen: Pick<OtpEnrollmentScreen, 'submit'>`,
  'beginAfresh(': `
    import type { DurableHost } from 'postlogin/durable'
    declare const host: DurableHost
    declare const subject: string
    declare const text: string`,
  hasAccepted: '',
  'withSteps(': '',
  "policy: { mfa: 'require'": `
    import type { Machines } from 'postlogin'
    import { createActor } from 'xstate'
    declare const machines: Machines`,
  "baseUrl: 'https://portal.example.com/prometheus'": `
    import { createMachines, createPortalApi, gatedPolicy, type OnboardingOutput, type Screen, screenOf, stepsOf } from 'postlogin'
    import { createActor } from 'xstate'
    declare const clientHash: string
    declare const tokens: { access: string; refresh(): Promise<string> }
    declare function render(screen: Screen, steps: ReturnType<typeof stepsOf>): void
    declare function go(output: OnboardingOutput | undefined): void`,
  'checkConformance(': '',
  'loadMessages(': `
    import { createMessages, loadMessages } from 'postlogin'`,
  'createMessages(': `
    import { createMessages, type Failure, germanMessages } from 'postlogin'
    declare const context: { failure: Failure | null }
    declare function show(text: string): void`,
  "get('invitation')": `
    import { type Action, type InvitationRow, type Machines, screenOf } from 'postlogin'
    import { createActor } from 'xstate'
    declare const machines: Machines
    declare function show(rows: readonly InvitationRow[], showAll: Action | null): void`,
  'async function openFlow(': '',
  'async function openOnboarding(': '',
  'export function useScreen(': '',
  'async function stepUp(': `
    import type { StepUpQuestion } from 'postlogin'
    declare function askUser(operation: string, signal: AbortSignal): Promise<string | null>`,
  'splitEntries(': `
    import { splitEntries } from 'postlogin'
    declare function show(lines: readonly string[]): void`,
  '@opentelemetry/api': '',
  "portal.fault('verifyOtp'": `
    import type { AnyActorRef } from 'xstate'
    declare const flow: AnyActorRef`,
  'fromWrite<void, {': '',
  inspectInBrowser: `
    /// <reference types="vite/client" />
    import type { AnyActorRef } from 'xstate'
    declare const flow: AnyActorRef
    declare const tokens: { access: string; refresh: string }
    declare const portalAccessCode: string`,
}

/** What a sample imports beside packages: of its reader's app, and of the sample before it. */
const imported = (sampleWith: (key: string) => string): Readonly<Record<string, string>> => ({
  'app.ts': `
    import type { Machines, Session } from 'postlogin'
    export declare const machines: Machines
    export declare const myServer: {
      hasAccepted(options: { signal: AbortSignal }): Promise<boolean>
      accept(options: { signal: AbortSignal; requestId: string }): Promise<void>
    }
    export declare const gateway: {
      get(path: string, options: { signal: AbortSignal }): Promise<Session[]>
      delete(path: string, options: { signal: AbortSignal; requestId: string }): Promise<void>
    }`,
  'terms.ts': sampleWith('hasAccepted'),
  'kept.ts': sampleWith('async function openFlow('),
  ...ofGettingStarted('account.ts'),
  ...ofGettingStarted('onboarding.tsx'),
})

const ofGettingStarted = (name: string) => ({
  [name]: samplesOf('docs/getting-started.md').find(({ file }) => file === `src/${name}`)?.code ?? '',
})

const blocks = pages.flatMap(samplesOf)
const parts = blocks.filter(
  ({ language, file, code }) => ['ts', 'tsx'].includes(language) && file === null && code !== readmeExample(),
)
const samples = parts.map(({ code }) => code)
const sampleWith = (key: string) => samples.find((sample) => sample.includes(key)) ?? ''
const keyOf = (sample: string) => Object.keys(presupposed).find((key) => sample.includes(key))

test('every other block of code is for a shell, a picture, no code at all, or JSON, which can be read', () => {
  const others = blocks.filter(
    ({ file, language }) => file === null && !['ts', 'tsx', 'sh', 'mermaid', 'text'].includes(language),
  )
  expect(others.filter(({ language }) => language !== 'json')).toEqual([])
  for (const { code } of others) expect(() => JSON.parse(code)).not.toThrow()
})

test('every sample is known here', () => {
  expect(samples.filter((sample) => keyOf(sample) === undefined)).toEqual([])
  expect(samples).toHaveLength(Object.keys(presupposed).length)
})

test('every sample type-checks', () => {
  const files = write({
    ...imported(sampleWith),
    ...Object.fromEntries(
      parts.map(({ language, code }, index) => [
        `sample-${index}.${language}`,
        `${presupposed[keyOf(code) ?? '']}\n${code}\nexport {}`,
      ]),
    ),
  })
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const found = ts.getPreEmitDiagnostics(ts.createProgram([...files], options))
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([])
})

describe('run as written', () => {
  test('the texts: a host’s own, in German', () => {
    const [file = ''] = write({
      'texts.ts': `import { createMessages, germanMessages } from 'postlogin'
        const context = { failure: { kind: 'timeout', code: 'client.timeout', status: null, retryable: true, retryAt: null, effect: 'none', field: null, requestId: null } } as const
        const show = console.log
        ${sampleWith('createMessages(')}
        show(hintText({ kind: 'skewed', offsetMs: -90_000 }))`,
    })
    expect(run(file)).toMatch(
      /^Das Portal hat nicht rechtzeitig geantwortet.*\nDie Uhr des Telefons geht nach\. Oder .*\n$/,
    )
  })

  test('the conformance check: of a served portal, and the option that fits', () => {
    const sample = sampleWith('checkConformance(')
    const [file = ''] = write({
      'conformance.ts': `const main = async () => {
        ${sample.replace(/^import (.*) from (.*)$/m, 'const $1 = await import($2)')}
        console.log(report.result, report.options)
      }
      main()`,
    })
    expect(run(file)).toBe("differs { secureChannel: 'json' }\n")
    expect(sample).toContain("report.result // => 'differs'")
    expect(sample).toContain("report.options // => { secureChannel: 'json' }")
  })

  test('a pasted list: what its lines come to, as the sample says', () => {
    const sample = sampleWith('splitEntries(')
    const [file = ''] = write({
      'list.ts': `import { splitEntries } from 'postlogin'
        const show = (lines: readonly string[]) => console.log(lines.join('\\n'))
        ${sample}`,
    })
    const told = sample.split('\n').flatMap((line) => (line.startsWith('// ') ? line.slice(3) : []))
    expect(run(file)).toBe(`${told.join('\n')}\n`)
  })

  test('a step of a host’s own: accepted by one write, whatever happens in the middle of it', () => {
    const [, , , file = ''] = write({
      'app.ts': `import { createMachines, createPortalApi } from 'postlogin'
        import { createFakePortal } from 'postlogin/testing'
        const portal = createFakePortal()
        const { portalAccessCode, clientHash, accessToken } = portal.account
        export const machines = createMachines(createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch }))
        export const myServer = {
          isAccepted: false,
          sent: [] as number[],
          answer: async () => {},
          hasAccepted: async () => myServer.isAccepted,
          async accept({ requestId }: { requestId: string }) {
            myServer.sent.push(requestId.length)
            await myServer.answer()
            myServer.isAccepted = true
          },
        }`,
      'terms.ts': sampleWith('hasAccepted'),
      'flow.ts': sampleWith('withSteps('),
      'main.ts': `import { fromStorage, PortalError, screenOf, settled, stepsOf, toStorage } from 'postlogin'
        import { createActor } from 'xstate'
        import { myServer } from './app.ts'
        import { accept, flow } from './flow.ts'
        const subject = { subject: 'maya' }
        const show = (what: string, actor: typeof flow) => {
          const screen = screenOf(actor.getSnapshot())
          const { status, failure } = screen.name === 'custom' ? screen : { status: null, failure: null }
          console.log(what, screen.name, status, failure?.code, failure?.effect, 'sent', myServer.sent.join())
        }
        const reloaded = async (text: string) => {
          const restored = createActor(flow.logic, { snapshot: fromStorage(flow.logic, text, subject) }).start()
          await settled(restored)
          return restored
        }
        const main = async () => {
          await settled(flow)
          const asking = toStorage(flow, subject)
          flow.stop()

          const ordinary = await reloaded(asking)
          accept(screenOf(ordinary.getSnapshot()))
          await settled(ordinary)
          show('answered', ordinary)
          console.log(JSON.stringify(stepsOf(ordinary.getSnapshot())[0]))
          ordinary.stop()

          for (const [what, answer] of [
            ['refused', () => Promise.reject(new PortalError({ kind: 'invalid', code: 'TERMS.409' }))],
            ['signed out', () => Promise.reject(new PortalError({ kind: 'unauthorized', code: 'TERMS.401' }))],
          ] as const) {
            Object.assign(myServer, { isAccepted: false, sent: [], answer })
            const failing = await reloaded(asking)
            accept(screenOf(failing.getSnapshot()))
            await settled(failing)
            show(what, failing)
            failing.stop()
          }

          Object.assign(myServer, { isAccepted: false, sent: [], answer: () => new Promise(() => {}) })
          const cut = await reloaded(asking)
          accept(screenOf(cut.getSnapshot()))
          await new Promise((resolve) => setTimeout(resolve))
          const accepting = toStorage(cut, subject)
          cut.stop()

          const waiting = await reloaded(accepting)
          accept(screenOf(waiting.getSnapshot()))
          show('may land', waiting)
          const text = toStorage(waiting, subject)
          waiting.stop()

          myServer.isAccepted = true
          const landed = await reloaded(text)
          show('has it landed?', landed)
          const screen = screenOf(landed.getSnapshot())
          if (screen.name === 'custom') screen.actor.send({ type: 'retry' })
          await settled(landed)
          show('landed', landed)
          landed.stop()

          myServer.isAccepted = false
          const before = Date.now
          Date.now = () => before() + 16_000
          const lost = await reloaded(text)
          show('lost', lost)
          lost.stop()
        }
        main()`,
    })
    expect(run(file).split('\n')).toEqual([
      'answered invitations null undefined undefined sent 36',
      '{"name":"terms","status":"done"}',
      'refused custom resting TERMS.409 none sent 36',
      'signed out signedOut null undefined undefined sent 36',
      'may land custom coolingDown client.ticketSpent unknown sent 36',
      'has it landed? custom coolingDown client.ticketSpent unknown sent 36',
      'landed invitations null undefined undefined sent 36',
      'lost custom resting client.notDone none sent 36',
      '',
    ])
  })

  test('a reload: the flow goes on where it was, and a text that is refused says why', () => {
    const [file = ''] = write({
      'reload.ts': `import { act, createPortalApi, screenOf, settled } from 'postlogin'
        import { createFakePortal } from 'postlogin/testing'
        const portal = createFakePortal()
        const { portalAccessCode, clientHash, accessToken } = portal.account
        const api = createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch })
        const texts = new Map<string, string>()
        const sessionStorage = {
          getItem: (key: string) => texts.get(key) ?? null,
          setItem: (key: string, text: string) => void texts.set(key, text),
          removeItem: (key: string) => void texts.delete(key),
        }
        console.warn = console.log
        ${sampleWith('async function openFlow(')}
        const main = async () => {
          for (const subject of ['maya', 'maya', 'kim', 'lee']) {
            if (subject === 'lee') texts.set(keyOf('lee'), texts.get(keyOf('kim')) ?? '')
            const flow = await openFlow({ subject, api })
            await settled(flow)
            const screen = screenOf(flow.getSnapshot())
            console.log(screen.name)
            if (screen.name === 'invitations') act(flow, screen.finish)
            await settled(flow)
            flow.stop()
          }
        }
        main()`,
    })
    expect(run(file)).toBe('invitations\nmfa\ninvitations\nclient.storageSubject\ninvitations\n')
  })

  /** A sample that tells what expressions come to, so that it prints them, and what it tells. */
  const printing = (sample: string) => sample.replace(/^(.+?) \/\/ => .*$/gm, 'console.log($1)')
  const toldBy = (sample: string) =>
    [...sample.matchAll(/ \/\/ => (.*)$/gm)].map(([, value = '']) => `${value}\n`).join('')

  const withMachines = (account: string) => `
    import { act, createMachines, createPortalApi, screenOf, settled } from 'postlogin'
    import { createFakePortal } from 'postlogin/testing'
    import { createActor } from 'xstate'
    const portal = createFakePortal({ account: ${account} })
    const { portalAccessCode, clientHash, accessToken } = portal.account
    const machines = createMachines(createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch }))`

  test('a wrong code: held back once, then refused by the portal', () => {
    const sample = sampleWith("walkTo(flow, 'otpEnrollment')")
    const [file = ''] = write({
      'code.ts': `import { createMachines, createPortalApi } from 'postlogin'
        import { createFakePortal } from 'postlogin/testing'
        import { createActor } from 'xstate'
        const portal = createFakePortal()
        const { portalAccessCode, clientHash, accessToken } = portal.account
        const api = createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch })
        const flow = createActor(createMachines(api).onboarding).start()
        ${printing(sample)}
        flow.stop()`,
    })
    expect(run(file)).toBe(toldBy(sample))
  })

  test('time: a change that nobody keeps is undone', () => {
    const sample = sampleWith('SimulatedClock(')
    const [file = ''] = write({
      'time.ts': `const baseUrl = 'https://portal.example'
        ${printing(sample)}
        flow.stop()`,
    })
    expect(run(file)).toBe(toldBy(sample))
  })

  test('one machine as a page: left, and what it ends with', () => {
    const [file = ''] = write({
      'alone.ts': `${withMachines("{ mfaMethods: [{ method: 'OTP', isEnabled: true }] }")}
        const draw = () => {}
        const leave = (output: object) => console.log(JSON.stringify(output))
        ${sampleWith('machines.mfa,')}
        await settled(mfa)
        const screen = screenOf(mfa.getSnapshot())
        if (screen.name === 'mfa') act(mfa, screen.finish)`,
    })
    expect(JSON.parse(run(file))).toEqual({ outcome: 'done', aimHolds: true, failure: null, otpEnabled: true })
  })

  test('the security center: a card is opened and closed', () => {
    const [file = ''] = write({
      'center.ts': `${withMachines('{}')}
        ${sampleWith('machines.securityCenter')}
        for (let times = 0; times < 3; times++) {
          await settled(center)
          const shown = screenOf(center.getSnapshot())
          if (shown.name === 'securityCenter') console.log(shown.cards.mfa.screen?.name)
          toggle('mfa')
        }
        center.stop()`,
    })
    expect(run(file)).toBe('undefined\nmfa\nundefined\n')
  })

  test('a reload in React: the page is drawn where the user was', () => {
    const [, , , , file = ''] = write({
      'kept.ts': sampleWith('async function openFlow('),
      ...ofGettingStarted('account.ts'),
      ...ofGettingStarted('onboarding.tsx'),
      'reload.tsx': sampleWith('async function openOnboarding('),
      'main.ts': `import { act, screenOf, settled } from 'postlogin'
        import { createFakePortal } from 'postlogin/testing'
        import { renderToString } from 'react-dom/server'
        import { accountOf } from './account.ts'
        import { openFlow } from './kept.ts'
        import { openOnboarding } from './reload.tsx'
        const texts = new Map<string, string>()
        Object.assign(globalThis, {
          sessionStorage: {
            getItem: (key: string) => texts.get(key) ?? null,
            setItem: (key: string, text: string) => void texts.set(key, text),
          },
        })
        const portal = createFakePortal()
        const account = accountOf(portal.account, { fetch: portal.fetch })
        const draw = async () => console.log(/<h1>(.*?)<.h1>/.exec(renderToString(await openOnboarding(account)))?.[1])
        const main = async () => {
          await draw()
          const flow = await openFlow(account)
          await settled(flow)
          const screen = screenOf(flow.getSnapshot())
          if (screen.name === 'invitations') act(flow, screen.finish)
          await settled(flow)
          flow.stop()
          await draw()
        }
        main()`,
    })
    expect(run(file)).toBe('loading\nmfa\n')
  })

  test('a flow that crashes in React: `useSelector` throws, the hook draws it', () => {
    const [, file = ''] = write({
      'screen.ts': sampleWith('export function useScreen('),
      'main.tsx': `import { useSelector } from '@xstate/react'
        import { onboardingMachine, screenOf } from 'postlogin'
        import { renderToString } from 'react-dom/server'
        import { createActor } from 'xstate'
        import { useScreen } from './screen.ts'
        const flow = createActor(onboardingMachine, { input: { policy: { mfa: 'nope' as 'offer' } } })
        flow.subscribe({ error: () => {} })
        flow.start()
        const Selected = () => <h1>{useSelector(flow, screenOf).name}</h1>
        const Drawn = () => <h1>{useScreen(flow).name}</h1>
        try {
          console.log(renderToString(<Selected />))
        } catch (thrown) {
          console.log(String(thrown))
        }
        console.log(renderToString(<Drawn />))`,
    })
    expect(run(file)).toMatch(/^PortalError: .*policy.*\n<h1>crashed<.h1>\n$/)
  })

  test('beyond one process: stored before it is sent', () => {
    const [file = ''] = write({
      'durable.ts': `import { createPortalApi, settled } from 'postlogin'
        import { createDurableHost, type DurableAction } from 'postlogin/durable'
        import { createFakePortal } from 'postlogin/testing'
        const portal = createFakePortal()
        const { portalAccessCode, clientHash, accessToken } = portal.account
        const apiOf = () => createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch })
        const texts = new Map<string, string>()
        const load = async (subject: string) => texts.get(subject) ?? null
        const store = async (subject: string, text: string) => {
          texts.set(subject, text)
          console.log('stored', portal.processed('acceptInvitation'))
        }
        ${sampleWith('createDurableHost(')}
        const main = async () => {
          const { screen } = await advance('maya')
          if (screen.name !== 'invitations') throw new Error(screen.name)
          await advance('maya', screen.rows[0]?.accept)
          await host.close()
        }
        main()`,
    })
    expect(run(file)).toBe('stored 0\nstored 0\nstored 1\n')
  })

  test('services of a host’s own: one session is ended, by one call', () => {
    const [, , file = ''] = write({
      'app.ts': `import type { Session } from 'postlogin'
        const listed = ['a', 'b'].map((sessionId) => ({ sessionId, clientIp: '192.0.2.1', isCurrent: sessionId === 'a' }))
        export const gateway = {
          get: async (path: string, _: object) => listed as unknown as Session[],
          async delete(path: string, { requestId }: { requestId: string }) {
            console.log('delete', path, requestId.length)
            listed.pop()
          },
        }`,
      'services.ts': sampleWith('fromWrite<void, {'),
      'main.ts': `import { settled } from 'postlogin'
        import { createActor } from 'xstate'
        import { sessions } from './services.ts'
        const actor = createActor(sessions).start()
        for (const event of [{ type: 'session.terminate', sessionId: 'b' }, { type: 'termination.confirm' }] as const) {
          await settled(actor)
          actor.send(event)
        }
        await settled(actor)
        console.log(actor.getSnapshot().context.sessionsTerminated)`,
    })
    expect(run(file)).toBe('delete /sessions/b 36\n1\n')
  })

  test('a deep link: its invitation alone, then all of them', () => {
    const [file = ''] = write({
      'link.ts': `import { act, type Action, createMachines, createPortalApi, type InvitationRow, screenOf, settled } from 'postlogin'
        import { createFakePortal } from 'postlogin/testing'
        import { createActor } from 'xstate'
        const portal = createFakePortal({ account: { invitations: [{ workspaceName: 'Acme' }, { workspaceName: 'Globex' }] } })
        const { portalAccessCode, clientHash, accessToken, invitations } = portal.account
        const machines = createMachines(createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch }))
        const location = { search: '?invitation=' + invitations[1]?.invitationBizId }
        let shown = { names: '', showAll: null as Action | null }
        const show = (rows: readonly InvitationRow[], showAll: Action | null) => {
          shown = { names: rows.map(({ workspaceName }) => workspaceName).join(), showAll }
        }
        const main = async () => {
          ${sampleWith("get('invitation')")}
          await settled(flow)
          console.log(shown.names)
          if (shown.showAll !== null) act(flow, shown.showAll)
          console.log(shown.names)
          flow.stop()
        }
        main()`,
    })
    expect(run(file)).toBe('Globex\nAcme,Globex\n')
  })

  test('tracing: a span for each request', () => {
    const [, file = ''] = write({
      'tracing.ts': sampleWith('@opentelemetry/api'),
      'main.ts': `import { trace } from '@opentelemetry/api'
        const spans: object[] = []
        trace.setGlobalTracerProvider({ getTracer: () => ({
          startSpan(name: string, options: object) {
            const span: Record<string, unknown> = { name, options, attributes: {} }
            spans.push(span)
            return {
              setAttributes: (attributes: object) => Object.assign(span.attributes as object, attributes),
              setStatus: (status: object) => Object.assign(span, { status }),
              end: (at: number) => Object.assign(span, { lasted: at > 0 }),
            }
          },
        }) } as never)
        const { onRequest } = await import('./tracing.ts')
        const { createPortalApi } = await import('postlogin')
        const { createFakePortal } = await import('postlogin/testing')
        const portal = createFakePortal()
        const { portalAccessCode, clientHash, accessToken } = portal.account
        const api = createPortalApi({ baseUrl: 'https://portal.example', portalAccessCode, clientHash, accessToken: () => accessToken, fetch: portal.fetch, onRequest })
        portal.fault('listSessions', { status: 400 })
        await api.listSessions().catch(() => {})
        await api.listInvitations()
        console.log(JSON.stringify(spans))`,
    })
    expect(JSON.parse(run(file))).toMatchObject([
      {
        name: 'GET /web/v1/system/security/sessions',
        attributes: { 'http.response.status_code': 400, 'postlogin.operation': 'listSessions' },
        status: { code: 2 },
        lasted: true,
      },
      { attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 }, lasted: true },
    ])
  })
})
