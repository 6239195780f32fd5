/**
 * Whole onboardings on a server, with workers that are lost on the way: `npm run durable` on Restate, `npm run durable -- postgres` on
 * one table. It starts what it needs on the loopback interface, and ends it.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { argv } from 'node:process'
import type { OnboardingOutput } from 'postlogin'
import type { Engine, EngineOptions } from './flows.ts'
import { onboard, openPortals } from './onboard.ts'

const USERS = 8

/** One is killed after so many things that users did. */
const ACTS_UNTIL_LOSS = 30

const engines: Readonly<Record<string, () => Promise<(options: EngineOptions) => Promise<Engine>>>> = {
  restate: async () => (await import('../restate/engine.ts')).openRestate,
  postgres: async () => (await import('../postgres/engine.ts')).openPostgres,
}

async function show(engine: Engine, portals: Awaited<ReturnType<typeof openPortals>>) {
  console.log(`${USERS} users sign in.`)
  let acts = 0
  let replaced: Promise<void> | undefined
  function onAct() {
    if (++acts !== ACTS_UNTIL_LOSS) return
    console.log('One of the workers is killed; another one takes its place.')
    replaced = engine.kill(0).then(() => engine.restart(0))
  }
  const users = Array.from({ length: USERS }, (_, index) => `user-${index + 1}`)
  await Promise.all(
    users.map(async (user) => {
      const output = await onboard(engine.flows, user, portals.portal(user), { onAct })
      console.log(`${user}: ${told(output)}`)
    }),
  )
  await replaced
  const left = await engine.leftovers()
  console.log(left.length === 0 ? 'Nothing is left to do.' : `Left to do:\n${left.join('\n')}`)
}

function told(output: OnboardingOutput): string {
  if (output.outcome !== 'completed') return output.outcome
  const { acceptedInvitations, otpEnabled, ipWhitelistEnabled, sessionsTerminated, route } = output
  const parts = [
    `${acceptedInvitations.length} invitation accepted`,
    `OTP ${otpEnabled ? 'on' : 'off'}`,
    `IP whitelist ${ipWhitelistEnabled ? 'on' : 'off'}`,
    `${sessionsTerminated} sessions ended`,
  ]
  return `${parts.join(', ')}; on to ${route.to === 'workspace' ? route.workspaceBizId : route.to}`
}

async function main(name: string) {
  const load = engines[name]
  if (load === undefined)
    throw new Error(`There is no engine "${name}"; there are ${Object.keys(engines).join(' and ')}.`)
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  const portals = await openPortals()
  try {
    console.log(`Starting ${name} and two workers …`)
    const open = await load()
    const engine = await open({ ...portals.settings, secret: randomBytes(32).toString('base64') })
    try {
      await Promise.race([show(engine, portals), interrupted])
    } finally {
      await engine.close()
    }
  } finally {
    await portals.close()
  }
}

main(argv[2] ?? 'restate').then(
  () => process.exit(),
  (thrown: unknown) => {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    process.exit(1)
  },
)
